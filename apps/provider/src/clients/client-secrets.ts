import { Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { ClientSecret } from './client-secret.entity.js';
import { Client } from './client.entity.js';

/** A secret that was just made: it is told once, for only its hash is kept. */
export interface NewClientSecret {
  readonly id: string;
  readonly secret: string;
}

/** What is told of a secret that exists. */
export type ClientSecretSummary = Pick<ClientSecret, 'id' | 'createdAt' | 'expiresAt' | 'lastUsedAt'>;

/** There is no client of that id, or the client no secret. */
export class ClientSecretNotFoundError extends Error {
  override readonly name = 'ClientSecretNotFoundError';
}

/**
 * The secrets of clients. A client may have several, so that its servers can be given the next one while the last still
 * works. Every replica takes a new one at once, and drops one that has ended within a second.
 */
@Injectable()
export class ClientSecrets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /** The secrets of a client, newest first; which of them is in use, `lastUsedAt` tells to about ten minutes. */
  list(clientId: string): Promise<ClientSecretSummary[]> {
    return this.dataSource.manager.find(ClientSecret, {
      select: { id: true, createdAt: true, expiresAt: true, lastUsedAt: true },
      where: { clientId },
      order: { createdAt: 'DESC', id: 'ASC' },
    });
  }

  /**
   * Gives a client one more secret.
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
   * Gives a client a new secret and lets all others end after the overlap, in seconds; those that end sooner anyway still do.
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
   * Lets a secret of a client end at a time, or takes that back with null.
   *
   * @throws ClientSecretNotFoundError
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
   * Ends a secret of a client at once.
   *
   * @throws ClientSecretNotFoundError
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
