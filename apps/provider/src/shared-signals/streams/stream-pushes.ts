import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventStream } from './event-stream.entity.js';

/** Which streams are pushed, by which replica, and how that goes. */
@Injectable()
export class StreamPushes {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes a stream for so many seconds, in which no other replica takes it.
   *
   * @param after takes the next one behind that id, in the order of ids.
   * @returns null when there is none to take.
   */
  async take(after: string | null, leaseSeconds: number): Promise<EventStream | null> {
    const [[taken]] = await this.dataSource.query<[{ id: string }[], number]>(
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
    return taken ? this.dataSource.manager.findOneBy(EventStream, { id: taken.id }) : null;
  }

  /** Keeps a stream for longer; false when it is gone, does not flow as it did, or is to be pushed otherwise. */
  async keep(
    { id, endpointUrl, authorizationHeader, eventsRequested, status }: EventStream,
    leaseSeconds: number,
  ): Promise<boolean> {
    const [, kept] = await this.dataSource.query<[unknown, number]>(
      `UPDATE event_streams SET next_attempt_at = now() + make_interval(secs => $3)
       WHERE id = $1 AND delivery = 'push' AND endpoint_url = $2 AND status = $4
         AND authorization_header IS NOT DISTINCT FROM $5 AND events_requested IS NOT DISTINCT FROM $6`,
      [id, endpointUrl, leaseSeconds, status, authorizationHeader, eventsRequested],
    );
    return kept === 1;
  }

  /** Gives a stream back: everything was told. */
  async giveBack({ id }: EventStream): Promise<void> {
    await this.dataSource.query(`UPDATE event_streams SET next_attempt_at = now() WHERE id = $1`, [id]);
  }

  /** Notes that events are taken; `lastError` says why one of them was refused. */
  async succeeded({ id }: EventStream, lastError: string | null): Promise<void> {
    await this.dataSource.manager.update(EventStream, { id }, { attempts: 0, failingSince: null, lastError });
  }

  /** Notes that an attempt failed, and in how many seconds the next may follow. */
  async failed({ id }: EventStream, lastError: string, retryInSeconds: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE event_streams SET attempts = attempts + 1, failing_since = coalesce(failing_since, now()),
         last_error = $2, next_attempt_at = now() + make_interval(secs => $3)
       WHERE id = $1`,
      [id, lastError, retryInSeconds],
    );
  }
}
