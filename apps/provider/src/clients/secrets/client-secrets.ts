import { Injectable } from '@nestjs/common';
import { equalInConstantTime, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { Client } from '../client.entity.js';
import { ClientSecret } from './client-secret.entity.js';

/** A new secret. It can be shown only now, because only its hash is stored. */
export interface NewClientSecret {
  readonly id: string;
  readonly secret: string;
}

/** The facts about a stored secret that can be shown. */
export type ClientSecretSummary = Pick<ClientSecret, 'id' | 'createdAt' | 'expiresAt' | 'lastUsedAt'>;

/** Reports that there is no client with an id, or that the client has no secret with an id. */
export class ClientSecretNotFoundError extends Error {
  override readonly name = 'ClientSecretNotFoundError';
}

/**
 * Adds, rotates and removes the secrets of clients. A client may have several secrets, so that its servers can get a new
 * one while the old one still works. Every replica accepts a new secret at once and refuses an expired one within a second.
 */
@Injectable()
export class ClientSecrets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /** Returns the secrets of a client, the newest first. `lastUsedAt` is exact to about ten minutes. */
  list(clientId: string): Promise<ClientSecretSummary[]> {
    return this.dataSource.manager.find(ClientSecret, {
      select: { id: true, createdAt: true, expiresAt: true, lastUsedAt: true },
      where: { clientId },
      order: { createdAt: 'DESC', id: 'ASC' },
    });
  }

  /**
   * Adds a secret to a client.
   *
   * @throws ClientSecretNotFoundError when there is no such client.
   */
  add(
    clientId: string,
    { expiresAt = null }: { expiresAt?: Date | null } = {},
    origin: RequestOrigin = {},
  ): Promise<NewClientSecret> {
    return this.dataSource.transaction((transaction) => this.insert(transaction, clientId, expiresAt, origin));
  }

  /**
   * Adds a secret to a client and lets all others expire after the overlap in seconds. Secrets that expire sooner keep their expiry.
   *
   * @throws ClientSecretNotFoundError when there is no such client.
   */
  rotate(
    clientId: string,
    { overlapSeconds }: { overlapSeconds: number },
    origin: RequestOrigin = {},
  ): Promise<NewClientSecret> {
    return this.dataSource.transaction(async (transaction) => {
      const added = await this.insert(transaction, clientId, null, origin);
      const [ended] = await transaction.query<[{ id: string; expires_at: Date }[], number]>(
        `UPDATE client_secrets SET expires_at = now() + make_interval(secs => $3)
         WHERE client_id = $1 AND id <> $2 AND (expires_at IS NULL OR expires_at > now() + make_interval(secs => $3))
         RETURNING id, expires_at`,
        [clientId, added.id, overlapSeconds],
      );
      for (const { id: secretId, expires_at: expiresAt } of ended) {
        await this.record(transaction, 'client-secret-removed', { clientId, secretId, expiresAt }, origin);
      }
      return added;
    });
  }

  /**
   * Sets the time when a secret of a client expires; null removes the expiry.
   *
   * @throws ClientSecretNotFoundError when the client has no such secret.
   */
  async expire(clientId: string, secretId: string, expiresAt: Date | null, origin: RequestOrigin = {}): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const { affected } = await transaction.update(ClientSecret, { id: secretId, clientId }, { expiresAt });
      if (affected === 0) throw new ClientSecretNotFoundError(`${clientId} has no secret ${secretId}`);
      const type = expiresAt ? 'client-secret-removed' : 'client-secret-added';
      await this.record(transaction, type, { clientId, secretId, expiresAt }, origin);
    });
  }

  /**
   * Removes a secret of a client at once.
   *
   * @throws ClientSecretNotFoundError when the client has no such secret.
   */
  async remove(clientId: string, secretId: string, origin: RequestOrigin = {}): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const { affected } = await transaction.delete(ClientSecret, { id: secretId, clientId });
      if (affected === 0) throw new ClientSecretNotFoundError(`${clientId} has no secret ${secretId}`);
      await this.record(transaction, 'client-secret-removed', { clientId, secretId, expiresAt: null }, origin);
    });
  }

  private async insert(
    transaction: EntityManager,
    clientId: string,
    expiresAt: Date | null,
    origin: RequestOrigin,
  ): Promise<NewClientSecret> {
    if (!(await transaction.existsBy(Client, { clientId }))) {
      throw new ClientSecretNotFoundError(`there is no client ${clientId}`);
    }
    const id = randomUUID();
    const secret = randomSecret();
    await transaction.insert(ClientSecret, { id, clientId, secretHash: sha256(secret), expiresAt });
    await this.record(transaction, 'client-secret-added', { clientId, secretId: id, expiresAt }, origin);
    return { id, secret };
  }

  private record(
    transaction: EntityManager,
    type: 'client-secret-added' | 'client-secret-removed',
    { clientId, secretId, expiresAt }: { clientId: string; secretId: string; expiresAt: Date | null },
    origin: RequestOrigin,
  ): Promise<void> {
    const details = { secretId, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
    return this.events.record({ type, outcome: 'success', clientId, details, ...origin }, transaction);
  }
}

/** Returns the secret of a client that equals a presented one. Compares with every secret, in constant time. */
export function matchingSecret(client: Client | null, presented: string): ClientSecret | undefined {
  const hash = sha256(presented);
  const [found] = (client?.secrets ?? []).filter(({ secretHash }) => equalInConstantTime(secretHash, hash));
  return found;
}
