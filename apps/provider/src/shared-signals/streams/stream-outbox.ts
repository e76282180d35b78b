import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SecurityEventType } from '../../security-events/security-event-type.js';
import type { SecurityEvent } from '../../security-events/security-event.entity.js';
import type { EventStream } from './event-stream.entity.js';
import { startAgain } from './stream-start.js';

/** A kind of security event, and the signal by which it is told; one event may be told by several. */
export interface Telling {
  readonly type: SecurityEventType;
  /** The last part of the URI of the event type. */
  readonly signal: string;
}

/** As much of a security event as is told. */
export type TellableEvent = Pick<
  SecurityEvent,
  | 'id'
  | 'occurredAt'
  | 'type'
  | 'outcome'
  | 'actor'
  | 'userId'
  | 'clientId'
  | 'sessionId'
  | 'grantId'
  | 'tokenId'
  | 'requestId'
  | 'details'
>;

/** An event that a receiver has not acknowledged. */
export interface PendingEvent {
  /** The same whenever it is told, and of no other event, not even one that a restored database gives the same id. */
  readonly jti: string;
  readonly signal: string;
  readonly event: TellableEvent;
}

const JTI = /^(\d{1,18})-([0-9a-f]{1,16})-([a-z][a-z-]*)$/;
const STAMP = `to_hex((extract(epoch FROM event.occurred_at) * 1000000)::bigint)`;

/** A client that stands behind a resource server hears everything; any other what is its own, or of its users. */
const CONCERNS = `(
  EXISTS (SELECT FROM resource_servers WHERE resource_servers.client_id = stream.client_id)
  OR event.client_id = stream.client_id
  OR (event.client_id IS NULL AND EXISTS (
    SELECT FROM grants WHERE grants.client_id = stream.client_id
    AND CASE WHEN event.session_id IS NULL
      THEN grants.user_id = event.user_id ELSE grants.session_id = event.session_id END
  ))
)`;

/** Whether a stream tells anything now; the scopes are those of the shared signals (CAEP Interoperability Profile, OAuth Scopes). */
const FLOWS = `stream.status = 'enabled' AND EXISTS (
  SELECT FROM clients WHERE clients.client_id = stream.client_id AND disabled_at IS NULL
  AND scopes && '{ssf.manage,ssf.read}'
)`;

/** What a stream has still to tell; $1 is the stream, $2 and $3 are the {@link Telling}s. */
const PENDING = `
  FROM event_streams AS stream
  JOIN security_events AS event
    ON event.transaction_id >= stream.watermark AND event.occurred_at >= stream.since
  JOIN unnest($2::text[], $3::text[]) AS telling (type, signal) ON telling.type = event.type
  WHERE stream.id = $1 AND ${FLOWS} AND ${CONCERNS}
  AND NOT EXISTS (
    SELECT FROM event_stream_acknowledgements AS acknowledgement
    WHERE acknowledgement.stream_id = stream.id AND acknowledgement.transaction_id = event.transaction_id
    AND acknowledgement.event_id = event.id AND acknowledgement.signal = telling.signal
  )`;

/**
 * What each stream has still to tell of the security events.
 *
 * An event is told as soon as it can be seen, in the order of writing, until it is acknowledged, in whatever order that
 * happens. What may be forgotten is another question: a transaction that began earlier may commit later. So the
 * watermark, before which nothing is looked for again, never passes the oldest transaction that is still running.
 */
@Injectable()
export class StreamOutbox {
  constructor(private readonly dataSource: DataSource) {}

  async pending({ id }: Pick<EventStream, 'id'>, tellings: readonly Telling[], limit: number): Promise<PendingEvent[]> {
    const rows = await this.dataSource.query<(TellableEvent & { jti: string; signal: string })[]>(
      `SELECT event.id || '-' || ${STAMP} || '-' || telling.signal AS jti, telling.signal,
         event.id, event.type, event.outcome, event.actor, event.occurred_at AS "occurredAt",
         event.user_id AS "userId", event.client_id AS "clientId", event.session_id AS "sessionId",
         event.grant_id AS "grantId", event.token_id AS "tokenId", event.request_id AS "requestId", event.details
       ${PENDING}
       ORDER BY event.id, telling.signal LIMIT $4`,
      [id, ...columnsOf(tellings), limit],
    );
    return rows.map(({ jti, signal, ...event }) => ({ jti, signal, event }));
  }

  /** Notes what a receiver has taken, or refused for good; what it was never told, or has acknowledged, is passed over. */
  async acknowledge(
    stream: Pick<EventStream, 'id'>,
    jtis: readonly string[],
    tellings: readonly Telling[],
  ): Promise<void> {
    const named = jtis.map((jti) => JTI.exec(jti)).filter((match) => match !== null);
    if (named.length === 0) return;
    await this.dataSource.query(
      `INSERT INTO event_stream_acknowledgements (stream_id, transaction_id, event_id, signal)
       SELECT stream.id, event.transaction_id, event.id, named.signal
       FROM event_streams AS stream
       JOIN security_events AS event
         ON event.transaction_id >= stream.watermark AND event.occurred_at >= stream.since
       JOIN unnest($2::bigint[], $3::text[], $4::text[]) AS named (id, stamp, signal)
         ON named.id = event.id AND named.stamp = ${STAMP}
       JOIN unnest($5::text[], $6::text[]) AS telling (type, signal)
         ON telling.type = event.type AND telling.signal = named.signal
       WHERE stream.id = $1 AND event.id = ANY ($2::bigint[])
       ON CONFLICT DO NOTHING`,
      [
        stream.id,
        named.map(([, id]) => id),
        named.map(([, , stamp]) => stamp),
        named.map(([, , , signal]) => signal),
        ...columnsOf(tellings),
      ],
    );
    await this.advance(stream, tellings);
  }

  /**
   * Moves the watermark of a stream up to its first event that is pending, or to the oldest transaction that is still
   * running, and forgets the acknowledgements before it.
   */
  async advance({ id }: Pick<EventStream, 'id'>, tellings: readonly Telling[]): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      await transaction.query('SELECT FROM event_streams WHERE id = $1 FOR UPDATE', [id]);
      // One statement, one snapshot: what it does not see is of a transaction that it counts among the running.
      await transaction.query(
        `UPDATE event_streams AS stream SET watermark = greatest(watermark, least(
           pg_snapshot_xmin(pg_current_snapshot()),
           (SELECT event.transaction_id ${PENDING} ORDER BY event.transaction_id LIMIT 1)
         ))
         WHERE id = $1 AND ${FLOWS}`,
        [id, ...columnsOf(tellings)],
      );
      await transaction.query(
        `DELETE FROM event_stream_acknowledgements AS acknowledgement USING event_streams AS stream
         WHERE stream.id = $1 AND stream_id = stream.id AND transaction_id < watermark`,
        [id],
      );
    });
  }

  /**
   * Starts again the streams whose watermark is of a transaction to come: they would pass over all that is written until
   * then. So it is after a database was copied into another cluster, which counts its transactions anew.
   *
   * @returns how many streams were ahead.
   */
  restartAfterRestore(): Promise<number> {
    return this.dataSource.transaction(async (transaction) => {
      const ahead = await transaction.query<{ id: string }[]>(
        `SELECT id FROM event_streams WHERE watermark > pg_snapshot_xmin(pg_current_snapshot()) ORDER BY id FOR UPDATE`,
      );
      for (const { id } of ahead) await startAgain(id, transaction);
      return ahead.length;
    });
  }
}

const columnsOf = (tellings: readonly Telling[]): [string[], string[]] => [
  tellings.map(({ type }) => type),
  tellings.map(({ signal }) => signal),
];
