import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { equalInConstantTime, sha256 } from '@trefoil/oauth-protocol';
import { In, Repository } from 'typeorm';
import { RecentlyRead } from '../database/recently-read.js';
import type { ClientSecret } from './client-secret.entity.js';
import { Client } from './client.entity.js';
import { readClient } from './read-client.js';

/**
 * The registered clients. What was read is used again for a moment, so that issuing a machine token touches no table
 * in the steady state; a disabled client is treated like one that does not exist.
 */
@Injectable()
export class Clients {
  private readonly recent: RecentlyRead<Client>;

  constructor(@InjectRepository(Client) private readonly clients: Repository<Client>) {
    this.recent = new RecentlyRead((clientId) => readClient(clients.manager, clientId));
  }

  /** The names of some clients, disabled ones too, by their ids. */
  async namesOf(clientIds: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const clientId = In([...new Set(clientIds)]);
    const found = await this.clients.find({ where: { clientId }, select: { clientId: true, clientName: true } });
    return new Map(found.map((client) => [client.clientId, client.clientName]));
  }

  async find(clientId: string): Promise<Client | null> {
    // PostgreSQL takes no U+0000, so that no client has one in its name.
    return clientId.includes('\0') ? null : this.recent.find(clientId);
  }

  /** Has a client read again that was just changed. */
  forget(clientId: string): void {
    this.recent.forget(clientId);
  }

  /** Has every client read again, because another replica or a command has changed one. */
  forgetAll(): void {
    this.recent.forgetAll();
  }
}

/** The secret of a client that is presented; every secret is compared, in constant time. */
export function secretOf(client: Client | null, secret: string): ClientSecret | undefined {
  const presented = sha256(secret);
  const [found] = (client?.secrets ?? []).filter(({ secretHash }) => equalInConstantTime(secretHash, presented));
  return found;
}
