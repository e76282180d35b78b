import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { Session } from './session.entity.js';
import { LogoutDelivery } from './logout-delivery.entity.js';

/**
 * The outbox of back-channel logout: which clients are still to learn of the end of which session. It is written in the
 * transaction that ends the session, and read by every replica.
 */
@Injectable()
export class LogoutDeliveries {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly dataSource: DataSource) {}

  /** Writes down every client that took part in a session and wants to know of its end. */
  async schedule({ id, userId }: Pick<Session, 'id' | 'userId'>, transaction: EntityManager): Promise<void> {
    await transaction.query(
      `INSERT INTO logout_deliveries (id, client_id, user_id, session_id)
       SELECT gen_random_uuid(), client_id, $2, $1 FROM clients
       WHERE backchannel_logout_uri IS NOT NULL AND disabled_at IS NULL
       AND EXISTS (SELECT FROM grants WHERE grants.session_id = $1 AND grants.client_id = clients.client_id)
       ON CONFLICT (client_id, session_id) DO NOTHING`,
      [id, userId],
    );
  }

  /** Calls a listener whenever this replica has scheduled something that may be sent at once. */
  onScheduled(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Tells the listeners; to be called when the transaction has been committed. */
  announce(): void {
    for (const listener of this.listeners) listener();
  }

  /**
   * Takes some that are due. For `leaseSeconds` no other replica takes them; whoever has not told by then what became of
   * one has lost it.
   */
  async takeDue(count: number, leaseSeconds: number): Promise<LogoutDelivery[]> {
    const [taken] = await this.dataSource.query<[{ id: string }[], number]>(
      `UPDATE logout_deliveries SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $2)
       WHERE id IN (
         SELECT id FROM logout_deliveries
         WHERE delivered_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= now()
         ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
       )
       RETURNING id`,
      [count, leaseSeconds],
    );
    if (taken.length === 0) return [];
    return this.dataSource.manager.findBy(
      LogoutDelivery,
      taken.map(({ id }) => ({ id })),
    );
  }

  /** Some that did not arrive, the newest first: those that are tried again, and those that were given up. */
  undelivered(limit: number): Promise<LogoutDelivery[]> {
    return this.dataSource.manager.find(LogoutDelivery, {
      where: { deliveredAt: IsNull() },
      order: { createdAt: 'DESC' },
      take: limit,
    });
  }

  async delivered({ id }: LogoutDelivery): Promise<void> {
    await this.dataSource.manager.update(LogoutDelivery, { id }, { deliveredAt: new Date(), lastError: null });
  }

  /** Notes that an attempt failed, and in how many seconds the next may follow. */
  async failed({ id }: LogoutDelivery, lastError: string, retryInSeconds: number): Promise<void> {
    const nextAttemptAt = new Date(Date.now() + retryInSeconds * 1000);
    await this.dataSource.manager.update(LogoutDelivery, { id }, { lastError, nextAttemptAt });
  }

  /** Notes that an attempt failed and that it was the last. */
  async givenUp({ id }: LogoutDelivery, lastError: string): Promise<void> {
    await this.dataSource.manager.update(LogoutDelivery, { id }, { lastError, givenUpAt: new Date() });
  }
}
