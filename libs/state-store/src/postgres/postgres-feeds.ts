import type { Pool } from 'pg';
import { toJson } from '../encoding.js';
import { FeedNotifications } from './feed-notifications.js';
import type { FeedEntry, StateFeeds } from '../state-store.js';
import { prepared } from './prepared.js';
import { FEEDS_CHANNEL } from './state-store-schema.js';

// Positions follow the clock, so that new values come after all positions that were read before, even if the database was
// restored from a backup or lost its last writes in a failover. They are in microseconds: no feed grows by more than one value
// per microsecond, and they stay below 2^53 until the year 2255.
const CLOCK = `floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`;

// The row of the feed stays locked until its new positions are committed. A position therefore never becomes visible before
// an earlier one, and readers need not wait for other transactions of the database.
const APPEND = prepared(
  'append',
  `WITH feed AS (
    INSERT INTO state_feeds (feed, last_position) VALUES ($1, ${CLOCK} + $3)
    ON CONFLICT (feed) DO UPDATE SET last_position = greatest(state_feeds.last_position, ${CLOCK}) + $3
    RETURNING last_position
  ), appended AS (
    INSERT INTO state_feed_entries (feed, position, value, expires_at)
    SELECT $1, feed.last_position - $3 + item.number, item.value, now() + make_interval(secs => $4)
    FROM feed, json_array_elements($2::json) WITH ORDINALITY AS item (value, number)
  )
  SELECT pg_notify('${FEEDS_CHANNEL}', $1) FROM feed`,
);

const READ_AFTER = prepared(
  'read-after',
  `SELECT position, value FROM state_feed_entries
  WHERE feed = $1 AND position > $2 AND expires_at > now() ORDER BY position LIMIT $3`,
);

/** Stores {@link StateFeeds} in PostgreSQL. */
export class PostgresFeeds implements StateFeeds {
  private readonly notifications: FeedNotifications;

  constructor(
    private readonly pool: Pick<Pool, 'query' | 'options'>,
    sessionUrl?: string,
  ) {
    const { connectionTimeoutMillis } = pool.options;
    this.notifications = new FeedNotifications(
      sessionUrl === undefined ? pool.options : { connectionString: sessionUrl, connectionTimeoutMillis },
    );
  }

  async append(feed: string, values: readonly unknown[], ttlSeconds: number): Promise<void> {
    if (values.length === 0) return;
    const list = `[${values.map(toJson).join(',')}]`;
    await this.pool.query(APPEND(feed, list, values.length, ttlSeconds));
  }

  async readAfter<T>(feed: string, position: number, limit: number): Promise<FeedEntry<T>[]> {
    const { rows } = await this.pool.query<{ position: string; value: T }>(READ_AFTER(feed, position, limit));
    return rows.map((row) => ({ position: Number(row.position), value: row.value }));
  }

  onAppended(feed: string, listener: () => void): () => void {
    return this.notifications.add(feed, listener);
  }
}
