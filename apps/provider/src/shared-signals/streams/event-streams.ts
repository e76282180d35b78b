import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { EventStream, type StreamStatus } from './event-stream.entity.js';
import { StreamNotices } from './stream-notices.js';
import { restartStream } from './stream-restart.js';

/** The configuration of a stream that its receiver decides. */
export type StreamContent = Pick<
  EventStream,
  'delivery' | 'endpointUrl' | 'authorizationHeader' | 'eventsRequested' | 'description'
>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Stores event streams. A receiver has access to its own streams only. */
@Injectable()
export class EventStreams {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notices: StreamNotices,
  ) {}

  /**
   * Creates a stream for a receiver. Returns undefined when the receiver has `limit` streams already.
   *
   * @param contentOf returns the content of the stream with an id.
   */
  create(clientId: string, limit: number, contentOf: (id: string) => StreamContent): Promise<EventStream | undefined> {
    return this.dataSource.transaction(async (transaction) => {
      // The lock makes concurrent requests wait, so that each counts the streams of the others.
      await transaction.findOne(Client, { where: { clientId }, lock: { mode: 'pessimistic_write' } });
      if ((await transaction.countBy(EventStream, { clientId })) >= limit) return undefined;
      const id = randomUUID();
      await transaction.insert(EventStream, { id, clientId, ...contentOf(id) });
      await restartStream(id, transaction);
      return transaction.findOneByOrFail(EventStream, { id });
    });
  }

  /** Returns all streams, ordered by receiver. */
  all(): Promise<EventStream[]> {
    return this.dataSource.manager.find(EventStream, { order: { clientId: 'ASC', createdAt: 'ASC' } });
  }

  /** Returns the streams of a receiver, the oldest first. */
  ofClient(clientId: string): Promise<EventStream[]> {
    return this.dataSource.manager.find(EventStream, { where: { clientId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /**
   * Returns the stream that a request of its receiver names, and stores that the receiver is active (SSF 1.0 §8.1.1).
   */
  async visit(id: string, clientId: string): Promise<EventStream | null> {
    if (!UUID.test(id)) return null;
    const { affected } = await this.dataSource.manager.update(
      EventStream,
      { id, clientId },
      { activeAt: () => 'now()' },
    );
    return affected === 0 ? null : this.dataSource.manager.findOneBy(EventStream, { id, clientId });
  }

  /** Returns a stream of a receiver; null when it does not exist or belongs to another receiver. */
  find(id: string, clientId: string): Promise<EventStream | null> {
    return this.dataSource.manager.findOneBy(EventStream, { id, clientId });
  }

  /** Changes the content of a stream. With `restart`, the stream delivers again every event that may still matter. */
  update({ id }: EventStream, content: StreamContent, restart: boolean): Promise<EventStream | null> {
    return this.dataSource.transaction(async (transaction) => {
      const noFailures = { attempts: 0, failingSince: null, lastError: null, nextAttemptAt: () => 'now()' };
      await transaction.update(EventStream, { id }, { ...content, ...noFailures });
      if (restart) await restartStream(id, transaction);
      await this.notices.notify(transaction);
      return transaction.findOneBy(EventStream, { id });
    });
  }

  /** Deletes a stream. Returns false when the receiver has no such stream. */
  async remove(id: string, clientId: string): Promise<boolean> {
    if (!UUID.test(id)) return false;
    return (await this.dataSource.manager.delete(EventStream, { id, clientId })).affected === 1;
  }

  /** Sets the status of a stream for its receiver (SSF 1.0 §8.1.2.2). */
  setStatus(stream: EventStream, status: StreamStatus, reason: string | null): Promise<EventStream | null> {
    return this.dataSource.transaction(async (transaction) => {
      await this.changeStatus(stream.id, status, reason, 'receiver', transaction);
      return transaction.findOneBy(EventStream, { id: stream.id });
    });
  }

  /** Enables a stream that the transmitter had paused, and notifies the receiver (SSF 1.0 §8.1.5). */
  async resume({ id }: EventStream, reason: string): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const paused = { id, status: 'paused', statusSetBy: 'transmitter' } as const;
      if (!(await transaction.findOne(EventStream, { where: paused, lock: { mode: 'pessimistic_write' } }))) return;
      await this.changeStatus(id, 'enabled', reason, 'transmitter', transaction);
    });
  }

  /**
   * Pauses the streams whose receivers have not polled, or have accepted no push, for so many seconds, and notifies the
   * receivers (SSF 1.0 §8.1.1, §8.1.5). Holds no events for them: when a stream is enabled again, it is restarted.
   *
   * @returns the ids of the paused streams.
   */
  async pauseInactive(seconds: number, reasons: Record<EventStream['delivery'], string>): Promise<string[]> {
    return this.dataSource.transaction(async (transaction) => {
      const inactive = await transaction.query<Pick<EventStream, 'id' | 'delivery'>[]>(
        `SELECT id, delivery FROM event_streams
         WHERE status = 'enabled' AND now() - make_interval(secs => $1) > CASE delivery
           WHEN 'poll' THEN active_at ELSE failing_since END
         ORDER BY id FOR UPDATE SKIP LOCKED`,
        [seconds],
      );
      for (const { id, delivery } of inactive) {
        await this.changeStatus(id, 'paused', reasons[delivery], 'transmitter', transaction);
      }
      return inactive.map(({ id }) => id);
    });
  }

  /**
   * Restarts the streams whose watermark is ahead of all transactions; they would skip all events until then. This
   * happens after the database was copied into another cluster, which counts transactions from the beginning.
   *
   * @returns the number of restarted streams.
   */
  restartAfterRestore(): Promise<number> {
    return this.dataSource.transaction(async (transaction) => {
      const ahead = await transaction.query<{ id: string }[]>(
        `SELECT id FROM event_streams WHERE watermark > pg_snapshot_xmin(pg_current_snapshot()) ORDER BY id FOR UPDATE`,
      );
      for (const { id } of ahead) await restartStream(id, transaction);
      return ahead.length;
    });
  }

  /** Adds a verification event to the stream. Returns false when the last request is less than so many seconds ago. */
  async requestVerification({ id }: EventStream, seconds: number, state: string | undefined): Promise<boolean> {
    return this.dataSource.transaction(async (transaction) => {
      const [, changed] = await transaction.query<[unknown, number]>(
        `UPDATE event_streams SET verified_at = now()
         WHERE id = $1 AND (verified_at IS NULL OR verified_at <= now() - make_interval(secs => $2))`,
        [id, seconds],
      );
      if (changed === 1) await this.notices.add(id, 'verification', { state }, transaction);
      return changed === 1;
    });
  }

  private async changeStatus(
    id: string,
    status: StreamStatus,
    reason: string | null,
    by: EventStream['statusSetBy'],
    transaction: EntityManager,
  ): Promise<void> {
    // The lock prevents a change between reading the status and acting on it.
    const before = await transaction.findOne(EventStream, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!before) return;
    await transaction.update(
      EventStream,
      { id },
      { status, statusReason: reason, statusSetBy: by, attempts: 0, failingSince: null, nextAttemptAt: () => 'now()' },
    );
    const heldNoEvents =
      before.status === 'disabled' || (before.status === 'paused' && before.statusSetBy === 'transmitter');
    if (heldNoEvents && status !== 'disabled') await restartStream(id, transaction);
    if (status === 'disabled') await this.notices.removeAll(id, transaction);
    if (by === 'transmitter') await this.notices.add(id, 'stream-updated', { status, reason }, transaction);
    await this.notices.notify(transaction);
  }
}
