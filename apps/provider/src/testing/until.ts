import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/**
 * Calls a function repeatedly until it returns a value, and returns that value. Use it to wait for background work.
 *
 * @throws Error when there is still no value after `seconds`.
 */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>, seconds = 10): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`The function still returned undefined after ${seconds} seconds.`);
    await wait(20);
  }
}

/**
 * Waits until every transaction that began before the last security event has ended. Readers of the event log stop before
 * the oldest running transaction, and other tests run transactions on the same server.
 */
export const untilEventsAreSettled = (dataSource: DataSource): Promise<true> =>
  until(async () => {
    const open = await dataSource.query<unknown[]>(
      `SELECT id FROM security_events, pg_current_snapshot() AS now
       WHERE transaction_id >= pg_snapshot_xmin(now) AND transaction_id < pg_snapshot_xmax(now) LIMIT 1`,
    );
    return open.length === 0 || undefined;
  });
