import type { DataSource } from 'typeorm';
import { until } from './until.js';

/**
 * Waits until no transaction is running that began before the last event was written: readers that must skip nothing stop
 * there, and other tests have transactions on the same server.
 */
export const settled = (dataSource: DataSource): Promise<true> =>
  until(async () => {
    const open = await dataSource.query<unknown[]>(
      `SELECT id FROM security_events, pg_current_snapshot() AS now
       WHERE transaction_id >= pg_snapshot_xmin(now) AND transaction_id < pg_snapshot_xmax(now) LIMIT 1`,
    );
    return open.length === 0 || undefined;
  });
