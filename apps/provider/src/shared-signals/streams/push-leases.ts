import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventStream } from './event-stream.entity.js';

/**
 * Leases push streams to replicas, so that one replica at a time pushes a stream, and stores the outcome of attempts.
 */
@Injectable()
export class PushLeases {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Leases the next due stream for some seconds, during which no other replica can lease it.
   *
   * @param after the id of the last stream; the next one follows it in the order of ids.
   * @returns null when no stream is due.
   */
  async acquire(after: string | null, leaseSeconds: number): Promise<EventStream | null> {
    const [[leased]] = await this.dataSource.query<[{ id: string }[], number]>(
      `UPDATE event_streams SET next_attempt_at = now() + make_interval(secs => $2)
       WHERE id = (
         SELECT id FROM event_streams
         WHERE delivery = 'push' AND next_attempt_at <= now() AND ($1::uuid IS NULL OR id > $1)
         AND (status = 'enabled' OR EXISTS (SELECT FROM event_stream_notices WHERE stream_id = event_streams.id))
         ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
       )
       RETURNING id`,
      [after, leaseSeconds],
    );
    return leased ? this.dataSource.manager.findOneBy(EventStream, { id: leased.id }) : null;
  }

  /** Extends a lease. Returns false when the stream was deleted, or its status or configuration has changed. */
  async renew(
    { id, endpointUrl, authorizationHeader, eventsRequested, status }: EventStream,
    leaseSeconds: number,
  ): Promise<boolean> {
    const [, renewed] = await this.dataSource.query<[unknown, number]>(
      `UPDATE event_streams SET next_attempt_at = now() + make_interval(secs => $3)
       WHERE id = $1 AND delivery = 'push' AND endpoint_url = $2 AND status = $4
         AND authorization_header IS NOT DISTINCT FROM $5 AND events_requested IS NOT DISTINCT FROM $6`,
      [id, endpointUrl, leaseSeconds, status, authorizationHeader, eventsRequested],
    );
    return renewed === 1;
  }

  /** Ends a lease, so that any replica may push the stream at once. */
  async release({ id }: EventStream): Promise<void> {
    await this.dataSource.query(`UPDATE event_streams SET next_attempt_at = now() WHERE id = $1`, [id]);
  }

  /** Stores that the receiver accepts events; `lastError` is the reason when it refused the last one. */
  async recordSuccess({ id }: EventStream, lastError: string | null): Promise<void> {
    await this.dataSource.manager.update(EventStream, { id }, { attempts: 0, failingSince: null, lastError });
  }

  /** Stores that an attempt failed, and after how many seconds the next one may follow. */
  async recordFailure({ id }: EventStream, lastError: string, retryInSeconds: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE event_streams SET attempts = attempts + 1, failing_since = coalesce(failing_since, now()),
         last_error = $2, next_attempt_at = now() + make_interval(secs => $3)
       WHERE id = $1`,
      [id, lastError, retryInSeconds],
    );
  }
}
