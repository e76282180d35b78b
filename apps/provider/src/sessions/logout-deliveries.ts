import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { LogoutDelivery } from './logout-delivery.entity.js';
import type { Session } from './session.entity.js';

/** How many deliveries may be taken for each client. */
export interface DeliveryRoom {
  readonly perClient: number;
  /** The number for clients with less room, by client id. */
  readonly ofClients: ReadonlyMap<string, number>;
}

/**
 * Keeps the outbox of back-channel logout: one row for each client to notify of the end of a session. The transaction that
 * ends the session writes the rows, and every replica delivers them.
 */
@Injectable()
export class LogoutDeliveries {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly dataSource: DataSource) {}

  /** Inserts a delivery for every client of a session that has registered a `backchannel_logout_uri`. */
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

  /** Registers a listener for {@link announce}. */
  onScheduled(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Calls the listeners. Call it after the transaction of {@link schedule} has been committed. */
  announce(): void {
    for (const listener of this.listeners) listener();
  }

  /**
   * Takes up to `count` deliveries that are due. No other replica takes them for `leaseSeconds`; after that, a delivery
   * without a recorded result is due again.
   */
  async takeDue(
    count: number,
    { perClient, ofClients }: DeliveryRoom,
    leaseSeconds: number,
  ): Promise<LogoutDelivery[]> {
    const [taken] = await this.dataSource.query<[{ id: string }[], number]>(
      `WITH due AS (
         SELECT id, coalesce(room, $2) AS room, row_number() OVER (PARTITION BY client_id ORDER BY next_attempt_at, id) AS place
         FROM logout_deliveries LEFT JOIN unnest($3::text[], $4::integer[]) AS room_of (client_id, room) USING (client_id)
         WHERE delivered_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= now() AND room IS DISTINCT FROM 0
       )
       UPDATE logout_deliveries SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $5)
       WHERE id IN (
         SELECT id FROM logout_deliveries
         WHERE id IN (SELECT id FROM due WHERE place <= room) AND next_attempt_at <= now()
         ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
       )
       RETURNING id`,
      [count, perClient, [...ofClients.keys()], [...ofClients.values()], leaseSeconds],
    );
    if (taken.length === 0) return [];
    return this.dataSource.manager.findBy(
      LogoutDelivery,
      taken.map(({ id }) => ({ id })),
    );
  }

  /** Returns up to `limit` deliveries without success, the newest first: those to be retried and those given up. */
  undelivered(limit: number): Promise<LogoutDelivery[]> {
    return this.dataSource.manager.find(LogoutDelivery, {
      where: { deliveredAt: IsNull() },
      order: { createdAt: 'DESC' },
      take: limit,
    });
  }

  /** Records that a client accepted its logout token. */
  async markDelivered({ id }: LogoutDelivery): Promise<void> {
    await this.dataSource.manager.update(LogoutDelivery, { id }, { deliveredAt: new Date(), lastError: null });
  }

  /** Records that an attempt failed. The next one may start in `retryInSeconds`. */
  async markFailed({ id }: LogoutDelivery, lastError: string, retryInSeconds: number): Promise<void> {
    const nextAttemptAt = new Date(Date.now() + retryInSeconds * 1000);
    await this.dataSource.manager.update(LogoutDelivery, { id }, { lastError, nextAttemptAt });
  }

  /**
   * Gives up all deliveries to a client that are older than so many seconds, those that were not tried included.
   *
   * @returns the number of deliveries given up.
   */
  async giveUpOlder(clientId: string, seconds: number, lastError: string): Promise<number> {
    const [, givenUp] = await this.dataSource.query<[unknown, number]>(
      `UPDATE logout_deliveries SET given_up_at = now(), last_error = $3
       WHERE client_id = $1 AND delivered_at IS NULL AND given_up_at IS NULL
       AND created_at < now() - make_interval(secs => $2)`,
      [clientId, seconds, lastError],
    );
    return givenUp;
  }

  /** Records that the last attempt failed. */
  async markGivenUp({ id }: LogoutDelivery, lastError: string): Promise<void> {
    await this.dataSource.manager.update(LogoutDelivery, { id }, { lastError, givenUpAt: new Date() });
  }
}
