import { Injectable } from '@nestjs/common';
import { equalInConstantTime, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { isUniqueViolation } from '../database/unique-violation.js';
import { refusedState } from '../http/refusal.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { Client } from './client.entity.js';
import { Clients, readClient } from './clients.js';
import { ClientSecret } from './secrets/client-secret.entity.js';

/** The columns of a client that its registration sets. */
export type ClientContent = Omit<Client, 'secrets' | 'tokenGeneration' | 'disabledAt' | 'createdAt' | 'updatedAt'>;

/** The change of a client's secrets with its registration. A new secret replaces all others. */
export type SecretChange = { readonly replaceBy: string } | 'keep' | 'remove';

/** The registration that replaces that of a client. */
export interface ClientReplacement {
  readonly content: ClientContent;
  readonly secret: SecretChange;
  readonly origin: RequestOrigin;
}

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

  /**
   * Inserts a client with its secret, and records the event.
   *
   * @throws Refusal `conflict` when another client has the id.
   */
  async create(content: ClientContent, secret: SecretChange, origin: RequestOrigin): Promise<Client> {
    const { clientId, initialAccessTokenId, securityProfile } = content;
    return this.dataSource.transaction(async (transaction) => {
      await transaction.insert(Client, content).catch((cause: unknown) => {
        if (isUniqueViolation(cause)) throw refusedState(`A client ${clientId} already exists.`, 'client_id');
        throw cause;
      });
      await changeSecret(clientId, secret, transaction);
      const details = { initialAccessTokenId: initialAccessTokenId ?? '', securityProfile };
      await this.events.record(
        { type: 'client-registered', outcome: 'success', clientId, details, ...origin },
        transaction,
      );
      return transaction.findOneByOrFail(Client, { clientId });
    });
  }

  /** Replaces the registration of a client. Returns null when the client no longer exists or is disabled. */
  async update(content: ClientContent, secret: SecretChange, origin: RequestOrigin): Promise<Client | null> {
    return this.replace({ content, secret, origin }, ({ disabledAt }) => disabledAt === null);
  }

  /**
   * Replaces the registration of a client, also of a disabled one. Returns null when the client no longer exists.
   *
   * @param precondition is called with the client, which is locked. Nothing changes when it returns false or throws.
   */
  async replace(
    { content, secret, origin }: ClientReplacement,
    precondition: (present: Client) => boolean,
  ): Promise<Client | null> {
    const { clientId, securityProfile } = content;
    const updated = await this.dataSource.transaction(async (transaction) => {
      const present = await transaction.findOne(Client, { where: { clientId }, lock: { mode: 'pessimistic_write' } });
      if (!present || !precondition(present)) return null;
      await transaction.update(Client, { clientId }, content);
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

  /**
   * Deletes a client with its secrets, consents and grants, which also ends the tokens of these grants. A resource server
   * that it represented has no client then.
   *
   * @param precondition is called with the client, which is locked, and may throw to prevent the deletion.
   * @returns false when there was no such client.
   */
  async remove(
    clientId: string,
    origin: RequestOrigin,
    precondition: (present: Client) => void = () => undefined,
  ): Promise<boolean> {
    const removed = await this.dataSource.transaction(async (transaction) => {
      // The same order of locks as a change of a resource server that names the client.
      await transaction.query('LOCK TABLE resource_servers IN ROW EXCLUSIVE MODE');
      const present = await transaction.findOne(Client, { where: { clientId }, lock: { mode: 'pessimistic_write' } });
      if (!present) return false;
      precondition(present);
      await this.events.record({ type: 'client-removed', outcome: 'success', clientId, ...origin }, transaction);
      await forgetUserClient(clientId, transaction);
      await transaction.delete(Client, { clientId });
      return true;
    });
    this.clients.forget(clientId);
    return removed;
  }
}

/** Closes the resource servers to users of a client that is deleted. Another client may get the same id later. */
const forgetUserClient = (clientId: string, transaction: EntityManager): Promise<unknown> =>
  transaction.query(
    'UPDATE resource_servers SET user_clients = array_remove(user_clients, $1) WHERE $1 = ANY (user_clients)',
    [clientId],
  );

async function changeSecret(clientId: string, change: SecretChange, transaction: EntityManager): Promise<void> {
  if (change === 'keep') return;
  await transaction.delete(ClientSecret, { clientId });
  if (change === 'remove') return;
  const secretHash = sha256(change.replaceBy);
  await transaction.insert(ClientSecret, { id: randomUUID(), clientId, secretHash, expiresAt: null });
}
