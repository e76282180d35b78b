import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { SECURITY_EVENTS_CHANNEL } from '../../security-events/security-events.js';

/** Something that a receiver is told of its stream itself. */
export interface StreamNotice {
  /** Its `jti`. */
  readonly id: string;
  /** That it is to be verified (SSF 1.0 §8.1.4.1), or how it stands (§8.1.5). */
  readonly signal: 'verification' | 'stream-updated';
  readonly content: Readonly<Record<string, string | null | undefined>>;
  readonly createdAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is to be told of streams themselves; each stays until it is acknowledged. */
@Injectable()
export class StreamNotices {
  constructor(private readonly dataSource: DataSource) {}

  async add(
    streamId: string,
    signal: StreamNotice['signal'],
    content: StreamNotice['content'],
    transaction: EntityManager,
  ): Promise<void> {
    await transaction.query(
      'INSERT INTO event_stream_notices (id, stream_id, signal, content) VALUES ($1, $2, $3, $4)',
      [randomUUID(), streamId, signal, content],
    );
    await this.wake(transaction);
  }

  /** The oldest first. A stream that does not flow is told only how it stands. */
  of(streamId: string, limit: number): Promise<StreamNotice[]> {
    return this.dataSource.query<StreamNotice[]>(
      `SELECT notice.id, signal, content, notice.created_at AS "createdAt"
       FROM event_stream_notices AS notice JOIN event_streams AS stream ON stream.id = stream_id
       WHERE stream_id = $1 AND (status = 'enabled' OR signal = 'stream-updated')
       ORDER BY notice.created_at, notice.id LIMIT $2`,
      [streamId, limit],
    );
  }

  /** Forgets what was acknowledged; what is no id of a notice is of an event, or nothing. */
  async acknowledge(streamId: string, ids: readonly string[]): Promise<void> {
    const named = ids.filter((id) => UUID.test(id));
    if (named.length === 0) return;
    await this.dataSource.query('DELETE FROM event_stream_notices WHERE stream_id = $1 AND id = ANY ($2::uuid[])', [
      streamId,
      named,
    ]);
  }

  async removeAll(streamId: string, transaction: EntityManager): Promise<void> {
    await transaction.query('DELETE FROM event_stream_notices WHERE stream_id = $1', [streamId]);
  }

  /** Has whoever passes events on look again, at every replica, once the transaction is committed. */
  async wake(transaction: EntityManager): Promise<void> {
    await transaction.query(`SELECT pg_notify('${SECURITY_EVENTS_CHANNEL}', '')`);
  }
}
