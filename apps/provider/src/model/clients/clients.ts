import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { equalInConstantTime, sha256 } from '@trefoil/oauth-protocol';
import { IsNull, Repository } from 'typeorm';
import { RecentlyRead } from '../recently-read.js';
import { Client } from './client.entity.js';

/**
 * The registered clients. What was read is used again for a moment, so that issuing a machine token touches no table
 * in the steady state; a disabled client is treated like one that does not exist.
 */
@Injectable()
export class Clients {
  private readonly recent: RecentlyRead<Client>;

  constructor(@InjectRepository(Client) clients: Repository<Client>) {
    this.recent = new RecentlyRead((clientId) =>
      clients.findOne({ where: { clientId, disabledAt: IsNull() }, relations: { secrets: true } }),
    );
  }

  find(clientId: string): Promise<Client | null> {
    return this.recent.find(clientId);
  }

  /** Has a client read again that was just changed. */
  forget(clientId: string): void {
    this.recent.forget(clientId);
  }
}

/** Whether a secret is one of a client's that has not expired; every secret is compared, in constant time. */
export function isSecretOf(client: Client | null, secret: string): boolean {
  const presented = sha256(secret);
  const now = Date.now();
  return (client?.secrets ?? [])
    .map(
      ({ secretHash, expiresAt }) =>
        equalInConstantTime(secretHash, presented) && (expiresAt?.getTime() ?? Infinity) > now,
    )
    .includes(true);
}
