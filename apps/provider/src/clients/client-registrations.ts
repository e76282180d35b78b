import { Injectable } from '@nestjs/common';
import { equalInConstantTime, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { ClientSecret } from './client-secret.entity.js';
import { Client } from './client.entity.js';
import { Clients } from './clients.js';
import { readClient } from './read-client.js';

/** A client as it is registered; its secrets and dates are kept beside it. */
export type ClientContent = Omit<Client, 'secrets' | 'tokenGeneration' | 'disabledAt' | 'createdAt' | 'updatedAt'>;

/** What becomes of the secrets of a client: a new one replaces all there were. */
export type SecretChange = { readonly replaceBy: string } | 'keep' | 'remove';

const NO_HASH = Buffer.alloc(32);

/** The registrations that clients make and manage by themselves (RFC 7591, RFC 7592). */
@Injectable()
export class ClientRegistrations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clients: Clients,
    private readonly events: SecurityEvents,
  ) {}

  /** The client that a registration token manages; null when it is another's, or there is none. */
  async find(clientId: string, registrationToken: string): Promise<Client | null> {
    const client = clientId.includes('\0') ? null : await readClient(this.dataSource.manager, clientId);
    const isManager = equalInConstantTime(client?.registrationTokenHash ?? NO_HASH, sha256(registrationToken));
    return isManager ? client : null;
  }

  async create(content: ClientContent, secret: SecretChange, origin: RequestOrigin): Promise<Client> {
    const { clientId, initialAccessTokenId, securityProfile } = content;
    return this.dataSource.transaction(async (transaction) => {
      await transaction.insert(Client, content);
      await changeSecret(clientId, secret, transaction);
      const details = { initialAccessTokenId: initialAccessTokenId ?? '', securityProfile };
      await this.events.record(
        { type: 'client-registered', outcome: 'success', clientId, details, ...origin },
        transaction,
      );
      return transaction.findOneByOrFail(Client, { clientId });
    });
  }

  /** Replaces the registration of a client; null when it is gone. */
  async update(content: ClientContent, secret: SecretChange, origin: RequestOrigin): Promise<Client | null> {
    const { clientId, securityProfile } = content;
    const updated = await this.dataSource.transaction(async (transaction) => {
      const { affected } = await transaction.update(Client, { clientId, disabledAt: IsNull() }, content);
      if (affected === 0) return null;
      await changeSecret(clientId, secret, transaction);
      const details = { securityProfile };
      await this.events.record(
        { type: 'client-updated', outcome: 'success', clientId, details, ...origin },
        transaction,
      );
      return transaction.findOneByOrFail(Client, { clientId });
    });
    this.clients.forget(clientId);
    return updated;
  }

  /** Keeps what a client's document says of it; housekeeping forgets those of whom a document was read and no more. */
  async keepDocument(content: ClientContent): Promise<void> {
    const { manager } = this.dataSource;
    await manager.upsert(Client, content, ['clientId']);
    this.clients.forget(content.clientId);
  }

  /** Ends a client, and with it everything it was given: secrets, consents, grants and the tokens that rest on them. */
  async remove(clientId: string, origin: RequestOrigin): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const { affected } = await transaction.delete(Client, { clientId });
      if (affected === 0) return;
      await this.events.record({ type: 'client-removed', outcome: 'success', clientId, ...origin }, transaction);
    });
    this.clients.forget(clientId);
  }
}

async function changeSecret(clientId: string, change: SecretChange, transaction: EntityManager): Promise<void> {
  if (change === 'keep') return;
  await transaction.delete(ClientSecret, { clientId });
  if (change === 'remove') return;
  const secretHash = sha256(change.replaceBy);
  await transaction.insert(ClientSecret, { id: randomUUID(), clientId, secretHash, expiresAt: null });
}
