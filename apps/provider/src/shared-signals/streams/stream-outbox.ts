import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SecurityEventType } from '../../security-events/security-event-type.js';
import type { SecurityEvent } from '../../security-events/security-event.entity.js';
import type { EventStream } from './event-stream.entity.js';

/** A type of security event, and the event type that it is delivered as. One event may be delivered as several. */
export interface TypeMapping {
  readonly type: SecurityEventType;
  /** The last part of the URI of the event type. */
  readonly signal: string;
}

/** The members of a security event that its tokens are made of. */
export type DeliverableEvent = Pick<
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
  /** Stays the same when the event is delivered again. Includes the time, because a restored database reuses ids. */
  readonly jti: string;
  readonly signal: string;
  readonly event: DeliverableEvent;
}

/** The format of a `jti`: the id of the event, its time as a stamp, and the signal. */
const JTI = /^(\d{1,18})-([0-9a-f]{1,16})-([a-z][a-z-]*)$/;
const STAMP = `to_hex((extract(epoch FROM event.occurred_at) * 1000000)::bigint)`;

/**
 * The client of a resource server receives all events; any other client those about itself or about its users. A deleted user
 * has no grants left, so the events of the same transaction name the clients that had one.
 */
const CONCERNS = `(
  EXISTS (SELECT FROM resource_servers WHERE resource_servers.client_id = stream.client_id)
  OR event.client_id = stream.client_id
  OR (event.type = 'user-deleted' AND EXISTS (
    SELECT FROM security_events AS ended WHERE ended.user_id = event.user_id
    AND ended.occurred_at >= event.occurred_at AND ended.transaction_id = event.transaction_id
    AND ended.client_id = stream.client_id
  ))
  OR (event.client_id IS NULL AND EXISTS (
    SELECT FROM grants WHERE grants.client_id = stream.client_id
    AND CASE WHEN event.session_id IS NULL
      THEN grants.user_id = event.user_id ELSE grants.session_id = event.session_id END
  ))
)`;

/**
 * A stream delivers while it is enabled and its client may use streams (CAEP Interoperability Profile, OAuth Scopes).
 */
const DELIVERS = `stream.status = 'enabled' AND EXISTS (
  SELECT FROM clients WHERE clients.client_id = stream.client_id AND disabled_at IS NULL
  AND scopes && '{ssf.manage,ssf.read}'
)`;

/** The events that a stream has to deliver. $1 is the stream; $2 and $3 are the columns of the {@link TypeMapping}s. */
const PENDING = `
  FROM event_streams AS stream
  JOIN security_events AS event
    ON event.transaction_id >= stream.watermark AND event.occurred_at >= stream.since
  JOIN unnest($2::text[], $3::text[]) AS mapping (type, signal) ON mapping.type = event.type
  WHERE stream.id = $1 AND ${DELIVERS} AND ${CONCERNS}
  AND NOT EXISTS (
    SELECT FROM event_stream_acknowledgements AS acknowledgement
    WHERE acknowledgement.stream_id = stream.id AND acknowledgement.transaction_id = event.transaction_id
    AND acknowledgement.event_id = event.id AND acknowledgement.signal = mapping.signal
  )`;

/**
 * Finds the security events that each stream has to deliver.
 *
 * An event is delivered as soon as it is committed, in the order of recording, until the receiver acknowledges it.
 * Receivers may acknowledge in any order. Events before the watermark of the stream are not read again. A transaction
 * that began earlier may commit later, so the watermark never passes the oldest running transaction.
 */
@Injectable()
export class StreamOutbox {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns the next events to deliver, in the order of recording. */
  async pending(
    { id }: Pick<EventStream, 'id'>,
    mappings: readonly TypeMapping[],
    limit: number,
  ): Promise<PendingEvent[]> {
    const rows = await this.dataSource.query<(DeliverableEvent & { jti: string; signal: string })[]>(
      `SELECT event.id || '-' || ${STAMP} || '-' || mapping.signal AS jti, mapping.signal,
         event.id, event.type, event.outcome, event.actor, event.occurred_at AS "occurredAt",
         event.user_id AS "userId", event.client_id AS "clientId", event.session_id AS "sessionId",
         event.grant_id AS "grantId", event.token_id AS "tokenId", event.request_id AS "requestId", event.details
       ${PENDING}
       ORDER BY event.id, mapping.signal LIMIT $4`,
      [id, ...columnsOf(mappings), limit],
    );
    return rows.map(({ jti, signal, ...event }) => ({ jti, signal, event }));
  }

  /** Stores which events a receiver has accepted or finally refused. Ignores unknown and already acknowledged ones. */
  async acknowledge(
    stream: Pick<EventStream, 'id'>,
    jtis: readonly string[],
    mappings: readonly TypeMapping[],
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
       JOIN unnest($5::text[], $6::text[]) AS mapping (type, signal)
         ON mapping.type = event.type AND mapping.signal = named.signal
       WHERE stream.id = $1 AND event.id = ANY ($2::bigint[])
       ON CONFLICT DO NOTHING`,
      [
        stream.id,
        named.map(([, id]) => id),
        named.map(([, , stamp]) => stamp),
        named.map(([, , , signal]) => signal),
        ...columnsOf(mappings),
      ],
    );
    await this.advance(stream, mappings);
  }

  /**
   * Moves the watermark of a stream to its first pending event, or to the oldest running transaction, and deletes the
   * acknowledgements before it.
   */
  async advance({ id }: Pick<EventStream, 'id'>, mappings: readonly TypeMapping[]): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      await transaction.query('SELECT FROM event_streams WHERE id = $1 FOR UPDATE', [id]);
      // One statement has one snapshot: an event that it does not see belongs to a transaction that it sees running.
      await transaction.query(
        `UPDATE event_streams AS stream SET watermark = greatest(watermark, least(
           pg_snapshot_xmin(pg_current_snapshot()),
           (SELECT event.transaction_id ${PENDING} ORDER BY event.transaction_id LIMIT 1)
         ))
         WHERE id = $1 AND ${DELIVERS}`,
        [id, ...columnsOf(mappings)],
      );
      await transaction.query(
        `DELETE FROM event_stream_acknowledgements AS acknowledgement USING event_streams AS stream
         WHERE stream.id = $1 AND stream_id = stream.id AND transaction_id < watermark`,
        [id],
      );
    });
  }
}

const columnsOf = (mappings: readonly TypeMapping[]): [string[], string[]] => [
  mappings.map(({ type }) => type),
  mappings.map(({ signal }) => signal),
];
