import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, Repository } from 'typeorm';
import { RecentlyRead } from '../database/recently-read.js';
import { Client } from './client.entity.js';

/**
 * Finds registered clients. Keeps each client in memory for one second, so that issuing many tokens to a machine reads no
 * table in the steady state. Treats a disabled client like one that does not exist, unless stated otherwise.
 */
@Injectable()
export class Clients {
  private readonly recent: RecentlyRead<Client>;

  constructor(@InjectRepository(Client) private readonly clients: Repository<Client>) {
    this.recent = new RecentlyRead((clientId) => readClient(clients.manager, clientId));
  }

  /** Finds a client by its id, with its secrets. */
  async find(clientId: string): Promise<Client | null> {
    // PostgreSQL rejects U+0000, so that no client id contains it.
    return clientId.includes('\0') ? null : this.recent.find(clientId);
  }

  /** Returns the names of clients by their ids, including disabled ones. */
  async namesOf(clientIds: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const clientId = In([...new Set(clientIds)]);
    const found = await this.clients.find({ where: { clientId }, select: { clientId: true, clientName: true } });
    return new Map(found.map((client) => [client.clientId, client.clientName]));
  }

  /** Removes a client from memory after it has changed, so that the next call of {@link find} reads it. */
  forget(clientId: string): void {
    this.recent.forget(clientId);
  }

  /** Removes every client from memory, because another replica or a command has changed one. */
  forgetAll(): void {
    this.recent.forgetAll();
  }
}

/**
 * Reads a client from the database, with the secrets that have not expired by the clock of the database. Returns null for
 * an unknown or disabled client.
 */
export const readClient = (manager: EntityManager, clientId: string): Promise<Client | null> =>
  manager
    .createQueryBuilder(Client, 'client')
    .leftJoinAndSelect('client.secrets', 'secret', 'secret.expiresAt IS NULL OR secret.expiresAt > now()')
    .where('client.clientId = :clientId AND client.disabledAt IS NULL', { clientId })
    .getOne();
