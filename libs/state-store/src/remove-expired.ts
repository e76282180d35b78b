import type { Pool } from 'pg';

/** A batch that two replicas may remove at once: each skips what the other has locked. */
const batchOf = (table: string, key: string, ended: string, order: string): string => `
  WITH batch AS MATERIALIZED (
    SELECT ${key} FROM ${table} WHERE ${ended} ORDER BY ${order} LIMIT $1 FOR UPDATE SKIP LOCKED
  )
  DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM batch)`;

const BATCHES = [
  batchOf('state_entries', 'key', 'expires_at <= now()', 'expires_at'),
  batchOf('rate_limits', 'key', 'expire <= extract(epoch FROM now()) * 1000', 'expire'),
  batchOf('state_feed_entries', 'feed, position', 'expires_at <= now()', 'expires_at'),
];

/** Removes up to so many entries, rate limits and values of feeds that have ended, and tells how many it were. */
export async function removeExpired(pool: Pick<Pool, 'query'>, limit: number): Promise<number> {
  let removed = 0;
  for (const batch of BATCHES) removed += (await pool.query(batch, [limit - removed])).rowCount ?? 0;
  return removed;
}
