import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { conditionsOf, type EventFilter } from './event-filter.js';
import type { SecurityEvent } from './security-event.entity.js';

/** A position in the commit-safe order of events: no transaction that commits late adds an event before it. */
export interface EventPosition {
  readonly transactionId: string;
  readonly id: string;
}

/** A security event with its position in the commit-safe order. */
export type PositionedEvent = SecurityEvent & EventPosition;

/** Selects a page of events. */
export interface EventPageSelection {
  /** The id of the last event of the previous page. */
  readonly before?: string;
  readonly limit: number;
}

const COLUMNS = `id::text, occurred_at AS "occurredAt", type, outcome, actor, user_id AS "userId", client_id AS "clientId",
  session_id AS "sessionId", grant_id AS "grantId", token_id AS "tokenId", address, agent, request_id AS "requestId", details`;

/** Reads recorded security events. */
@Injectable()
export class SecurityEventLog {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns the newest events that match, and whether more follow. */
  async page(
    filter: EventFilter,
    { before, limit }: EventPageSelection,
  ): Promise<{ events: SecurityEvent[]; more: boolean }> {
    const { conditions, parameters } = conditionsOf(filter);
    if (before !== undefined) conditions.push(`id < $${parameters.push(before)}`);
    const events = await this.dataSource.query<SecurityEvent[]>(
      `SELECT ${COLUMNS} FROM security_events ${where(conditions)} ORDER BY security_events.id DESC
       LIMIT $${parameters.push(limit + 1)}`,
      parameters,
    );
    return { events: events.slice(0, limit), more: events.length > limit };
  }

  /** Returns the last sign-in event of each of a user's sessions, by session id. */
  async signInsOf(userId: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, SecurityEvent>> {
    const signIns = await this.dataSource.query<SecurityEvent[]>(
      `SELECT DISTINCT ON (session_id) ${COLUMNS} FROM security_events
       WHERE user_id = $1 AND session_id = ANY ($2) AND type = 'sign-in' AND outcome = 'success'
       ORDER BY session_id, security_events.id DESC`,
      [userId, sessionIds],
    );
    return new Map(signIns.map((event) => [event.sessionId ?? '', event]));
  }

  /** Returns the oldest running transaction. All events of earlier transactions are committed or rolled back. */
  async horizon(): Promise<string> {
    const [row] = await this.dataSource.query<{ horizon: string }[]>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon',
    );
    if (!row) throw new Error('PostgreSQL returned no snapshot.');
    return row.horizon;
  }

  /** Returns the last matching events before a {@link horizon}, in the commit-safe order. */
  async last(filter: EventFilter, { horizon, size }: { horizon: string; size: number }): Promise<PositionedEvent[]> {
    const { conditions, parameters } = conditionsOf(filter);
    conditions.push(`transaction_id < $${parameters.push(horizon)}::text::xid8`);
    const events = await this.dataSource.query<PositionedEvent[]>(
      `SELECT ${COLUMNS}, transaction_id::text AS "transactionId" FROM security_events ${where(conditions)}
       ORDER BY security_events.transaction_id DESC, security_events.id DESC LIMIT $${parameters.push(size)}`,
      parameters,
    );
    return events.reverse();
  }

  /**
   * Returns the next matching events up to a {@link horizon}, in the commit-safe order. Returns none at the horizon.
   *
   * Transaction ids above the current ones come from before the database was copied into another cluster, which counts
   * transactions from the beginning. Events with such ids come first; events recorded since the copy follow.
   */
  async batch(
    filter: EventFilter,
    { after, horizon, size }: { after?: EventPosition; horizon: string; size: number },
  ): Promise<PositionedEvent[]> {
    const isBeforeCopy = after === undefined || BigInt(after.transactionId) > BigInt(horizon);
    if (isBeforeCopy) {
      const copied = await this.inOrder(filter, 'copied', { after, size });
      if (copied.length > 0) return copied;
    }
    return this.inOrder(filter, { before: horizon }, { after: isBeforeCopy ? undefined : after, size });
  }

  private inOrder(
    filter: EventFilter,
    part: 'copied' | { readonly before: string },
    { after, size }: { after?: EventPosition | undefined; size: number },
  ): Promise<PositionedEvent[]> {
    const { conditions, parameters } = conditionsOf(filter);
    conditions.push(
      part === 'copied'
        ? 'transaction_id >= pg_snapshot_xmax(pg_current_snapshot())'
        : `transaction_id < $${parameters.push(part.before)}::text::xid8`,
    );
    if (after) {
      const place = [`$${parameters.push(after.transactionId)}::text::xid8`, `$${parameters.push(after.id)}`];
      conditions.push(`(transaction_id, id) > (${place.join(', ')})`);
    }
    return this.dataSource.query<PositionedEvent[]>(
      `SELECT ${COLUMNS}, transaction_id::text AS "transactionId" FROM security_events ${where(conditions)}
       ORDER BY security_events.transaction_id, security_events.id LIMIT $${parameters.push(size)}`,
      parameters,
    );
  }
}

const where = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
