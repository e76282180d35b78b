import type { Pool } from 'pg';

/** Returns a statement that deletes a batch. It skips locked rows, so that replicas can run it concurrently. */
const deleteBatch = (table: string, key: string, isExpired: string, order: string): string => `
  WITH batch AS MATERIALIZED (
    SELECT ${key} FROM ${table} WHERE ${isExpired} ORDER BY ${order} LIMIT $1 FOR UPDATE SKIP LOCKED
  )
  DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM batch)`;

const BATCHES = [
  deleteBatch('state_entries', 'key', 'expires_at <= now()', 'expires_at'),
  deleteBatch('rate_limits', 'key', 'expire <= extract(epoch FROM now()) * 1000', 'expire'),
  deleteBatch('state_feed_entries', 'feed, position', 'expires_at <= now()', 'expires_at'),
];

/** Deletes expired entries, rate limits and feed values, `limit` rows at most. Returns the number of rows deleted. */
export async function removeExpired(pool: Pick<Pool, 'query'>, limit: number): Promise<number> {
  let deleted = 0;
  for (const batch of BATCHES) deleted += (await pool.query(batch, [limit - deleted])).rowCount ?? 0;
  return deleted;
}
