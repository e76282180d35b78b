import { Injectable } from '@nestjs/common';
import { equalInConstantTime, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { Client } from './client.entity.js';
import { Clients, readClient } from './clients.js';
import { ClientSecret } from './secrets/client-secret.entity.js';

/** The columns of a client that its registration sets. */
export type ClientContent = Omit<Client, 'secrets' | 'tokenGeneration' | 'disabledAt' | 'createdAt' | 'updatedAt'>;

/** The change of a client's secrets with its registration. A new secret replaces all others. */
export type SecretChange = { readonly replaceBy: string } | 'keep' | 'remove';

/** Compared instead of the hash of a client that does not exist, so that the time reveals nothing. */
const NO_HASH = Buffer.alloc(32);

/** Creates, replaces and removes the registrations of clients (RFC 7591, RFC 7592). */
@Injectable()
export class ClientRegistrations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clients: Clients,
    private readonly events: SecurityEvents,
  ) {}

  /** Finds a client by its id and registration access token. Returns null when there is none or the token is another client's. */
  async find(clientId: string, registrationToken: string): Promise<Client | null> {
    const client = clientId.includes('\0') ? null : await readClient(this.dataSource.manager, clientId);
    const isManager = equalInConstantTime(client?.registrationTokenHash ?? NO_HASH, sha256(registrationToken));
    return isManager ? client : null;
  }

  /** Inserts a client with its secret, and records the event. */
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

  /** Replaces the registration of a client. Returns null when the client no longer exists. */
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

  /** Stores the registration that a client publishes as a metadata document. Housekeeping deletes unused ones. */
  async saveDocument(content: ClientContent): Promise<void> {
    const { manager } = this.dataSource;
    await manager.upsert(Client, content, ['clientId']);
    this.clients.forget(content.clientId);
  }

  /** Deletes a client with its secrets, consents and grants, which also ends the tokens of these grants. */
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
