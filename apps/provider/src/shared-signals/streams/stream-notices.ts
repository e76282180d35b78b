import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { SECURITY_EVENTS_CHANNEL } from '../../security-events/security-events.js';

/** An event about a stream itself. */
export interface StreamNotice {
  /** The `jti` of its token. */
  readonly id: string;
  /** A verification event (SSF 1.0 §8.1.4.1) or a stream updated event (§8.1.5). */
  readonly signal: 'verification' | 'stream-updated';
  readonly content: Readonly<Record<string, string | null | undefined>>;
  readonly createdAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Stores the events about streams themselves until their receivers acknowledge them. */
@Injectable()
export class StreamNotices {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds an event to a stream, and notifies all replicas when the transaction commits. */
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
    await this.notify(transaction);
  }

  /** Returns the events of a stream, the oldest first. A stream that is not enabled delivers its status only. */
  of(streamId: string, limit: number): Promise<StreamNotice[]> {
    return this.dataSource.query<StreamNotice[]>(
      `SELECT notice.id, signal, content, notice.created_at AS "createdAt"
       FROM event_stream_notices AS notice JOIN event_streams AS stream ON stream.id = stream_id
       WHERE stream_id = $1 AND (status = 'enabled' OR signal = 'stream-updated')
       ORDER BY notice.created_at, notice.id LIMIT $2`,
      [streamId, limit],
    );
  }

  /** Deletes acknowledged events. Ignores other ids, which belong to security events or are invalid. */
  async acknowledge(streamId: string, ids: readonly string[]): Promise<void> {
    const named = ids.filter((id) => UUID.test(id));
    if (named.length === 0) return;
    await this.dataSource.query('DELETE FROM event_stream_notices WHERE stream_id = $1 AND id = ANY ($2::uuid[])', [
      streamId,
      named,
    ]);
  }

  /** Deletes all events of a stream. */
  async removeAll(streamId: string, transaction: EntityManager): Promise<void> {
    await transaction.query('DELETE FROM event_stream_notices WHERE stream_id = $1', [streamId]);
  }

  /** Notifies the delivery on every replica when the transaction commits. */
  async notify(transaction: EntityManager): Promise<void> {
    await transaction.query(`SELECT pg_notify('${SECURITY_EVENTS_CHANNEL}', '')`);
  }
}
