import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { EventStream, type StreamStatus } from './event-stream.entity.js';
import { StreamNotices } from './stream-notices.js';
import { startAgain } from './stream-start.js';

/** What a receiver decides of its stream. */
export type StreamContent = Pick<
  EventStream,
  'delivery' | 'endpointUrl' | 'authorizationHeader' | 'eventsRequested' | 'description'
>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The event streams. A receiver knows its own and no others. */
@Injectable()
export class EventStreams {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notices: StreamNotices,
  ) {}

  /**
   * Makes a stream for a receiver, unless it has as many as it may have.
   *
   * @param contentOf gives the content of a stream with that id.
   */
  create(clientId: string, most: number, contentOf: (id: string) => StreamContent): Promise<EventStream | undefined> {
    return this.dataSource.transaction(async (transaction) => {
      // One after the other, so that nobody counts before the other has written.
      await transaction.findOne(Client, { where: { clientId }, lock: { mode: 'pessimistic_write' } });
      if ((await transaction.countBy(EventStream, { clientId })) >= most) return undefined;
      const id = randomUUID();
      await transaction.insert(EventStream, { id, clientId, ...contentOf(id) });
      await startAgain(id, transaction);
      return transaction.findOneByOrFail(EventStream, { id });
    });
  }

  /** Every stream, those of one receiver together. */
  all(): Promise<EventStream[]> {
    return this.dataSource.manager.find(EventStream, { order: { clientId: 'ASC', createdAt: 'ASC' } });
  }

  ofClient(clientId: string): Promise<EventStream[]> {
    return this.dataSource.manager.find(EventStream, { where: { clientId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** A stream of a receiver, when it calls and names it: that is activity (SSF 1.0 §8.1.1). */
  async visit(id: string, clientId: string): Promise<EventStream | null> {
    if (!UUID.test(id)) return null;
    const { affected } = await this.dataSource.manager.update(
      EventStream,
      { id, clientId },
      { activeAt: () => 'now()' },
    );
    return affected === 0 ? null : this.dataSource.manager.findOneBy(EventStream, { id, clientId });
  }

  /** A stream as it is now, unless it is gone, or not this receiver's. */
  find(id: string, clientId: string): Promise<EventStream | null> {
    return this.dataSource.manager.findOneBy(EventStream, { id, clientId });
  }

  /** Changes what the receiver decides; `again` has told once more what may still matter. */
  update({ id }: EventStream, content: StreamContent, again: boolean): Promise<EventStream | null> {
    return this.dataSource.transaction(async (transaction) => {
      const fresh = { attempts: 0, failingSince: null, lastError: null, nextAttemptAt: () => 'now()' };
      await transaction.update(EventStream, { id }, { ...content, ...fresh });
      if (again) await startAgain(id, transaction);
      await this.notices.wake(transaction);
      return transaction.findOneBy(EventStream, { id });
    });
  }

  async remove(id: string, clientId: string): Promise<boolean> {
    if (!UUID.test(id)) return false;
    return (await this.dataSource.manager.delete(EventStream, { id, clientId })).affected === 1;
  }

  /** Does what the receiver wants of a stream (SSF 1.0 §8.1.2.2). */
  setStatus(stream: EventStream, status: StreamStatus, reason: string | null): Promise<EventStream | null> {
    return this.dataSource.transaction(async (transaction) => {
      await this.changeStatus(stream.id, status, reason, 'receiver', transaction);
      return transaction.findOneBy(EventStream, { id: stream.id });
    });
  }

  /** Goes on with a stream that was paused here, now that its receiver is back, and says so. */
  async resume({ id }: EventStream, reason: string): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const paused = { id, status: 'paused', statusSetBy: 'transmitter' } as const;
      if (!(await transaction.findOne(EventStream, { where: paused, lock: { mode: 'pessimistic_write' } }))) return;
      await this.changeStatus(id, 'enabled', reason, 'transmitter', transaction);
    });
  }

  /**
   * Pauses the streams that nobody has polled, or that nobody has taken anything from, for so many seconds, and says so
   * (SSF 1.0 §8.1.1, §8.1.5). Nothing is held for them; what may still matter is told when they go on.
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

  /** Notes that a verification event is asked for; false when the last time is less than so many seconds ago. */
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
    // Locked, so that nobody changes between what was read and what follows from it.
    const before = await transaction.findOne(EventStream, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!before) return;
    await transaction.update(
      EventStream,
      { id },
      { status, statusReason: reason, statusSetBy: by, attempts: 0, failingSince: null, nextAttemptAt: () => 'now()' },
    );
    const heldNothing =
      before.status === 'disabled' || (before.status === 'paused' && before.statusSetBy === 'transmitter');
    if (heldNothing && status !== 'disabled') await startAgain(id, transaction);
    if (status === 'disabled') await this.notices.removeAll(id, transaction);
    if (by === 'transmitter') await this.notices.add(id, 'stream-updated', { status, reason }, transaction);
    await this.notices.wake(transaction);
  }
}
