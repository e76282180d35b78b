import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { storedKey, toJson } from '../encoding.js';
import { withLease } from '../lease.js';
import { prepared } from './prepared.js';
import { PostgresFeeds } from './postgres-feeds.js';
import { removeExpired } from './remove-expired.js';
import type { RateLimit, RateLimiter } from '../rate-limiter.js';
import type { FeedEntry, LockedWork, LockOptions, StateEntry, StateStore } from '../state-store.js';
import { postgresRateLimiter } from './postgres-rate-limiter.js';

const EXPIRES_AT = 'now() + make_interval(secs => $3)';

const GET = prepared('get', 'SELECT value, version FROM state_entries WHERE key = $1 AND expires_at > now()');

const UPSERT = `
  INSERT INTO state_entries (key, value, expires_at) VALUES ($1, $2, ${EXPIRES_AT})
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at, version = DEFAULT`;

const SET = prepared('set', UPSERT);

const INSERT = `${UPSERT} WHERE state_entries.expires_at <= now()`;

const SET_IF_ABSENT = prepared('set-if-absent', INSERT);

// The fencing token is drawn while the row is held. A version that is drawn before may be less than that of an earlier owner.
const ACQUIRE = prepared(
  'acquire',
  `WITH acquired AS (${INSERT} RETURNING 1)
  SELECT nextval(pg_get_serial_sequence('state_entries', 'version')) AS token FROM acquired`,
);

const COMPARE_AND_SET = prepared(
  'compare-and-set',
  `UPDATE state_entries SET value = $2, expires_at = ${EXPIRES_AT}, version = DEFAULT
  WHERE key = $1 AND version = $4 AND expires_at > now()`,
);

const TAKE = prepared('take', 'DELETE FROM state_entries WHERE key = $1 RETURNING value, expires_at > now() AS live');

const RENEW = prepared(
  'renew',
  `UPDATE state_entries SET expires_at = ${EXPIRES_AT}
  WHERE key = $1 AND value #>> '{}' = $2 AND expires_at > now()`,
);

const RELEASE = prepared('release', `DELETE FROM state_entries WHERE key = $1 AND value #>> '{}' = $2`);

/** Keeps a {@link StateStore} in the tables of {@link stateStoreSchema} in PostgreSQL. Uses the clock of the database. */
export class PostgresStateStore implements StateStore {
  private readonly feeds: PostgresFeeds;

  /** @param sessionUrl the URL for `LISTEN` when the pool connects to a pooler; by default it uses the options of the pool. */
  constructor(
    private readonly pool: Pick<Pool, 'query' | 'options'>,
    sessionUrl?: string,
  ) {
    this.feeds = new PostgresFeeds(pool, sessionUrl);
  }

  async get<T>(key: string): Promise<StateEntry<T> | undefined> {
    const { rows } = await this.pool.query<{ value: T; version: string }>(GET(storedKey(key)));
    return rows[0] && { value: rows[0].value, version: Number(rows[0].version) };
  }

  async set<T>(key: string, value: T, ttlSeconds: number): Promise<void> {
    await this.pool.query(SET(storedKey(key), toJson(value), ttlSeconds));
  }

  async setIfAbsent<T>(key: string, value: T, ttlSeconds: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(SET_IF_ABSENT(storedKey(key), toJson(value), ttlSeconds));
    return rowCount === 1;
  }

  async compareAndSet<T>(key: string, version: number, value: T, ttlSeconds: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(COMPARE_AND_SET(storedKey(key), toJson(value), ttlSeconds, version));
    return rowCount === 1;
  }

  async take<T>(key: string): Promise<T | undefined> {
    const { rows } = await this.pool.query<{ value: T; live: boolean }>(TAKE(storedKey(key)));
    return rows[0]?.live ? rows[0].value : undefined;
  }

  async delete(key: string): Promise<boolean> {
    const { rows } = await this.pool.query<{ live: boolean }>(TAKE(storedKey(key)));
    return rows[0]?.live ?? false;
  }

  withLock<T>(key: string, work: LockedWork<T>, options: LockOptions): Promise<T> {
    const lock = storedKey(`lock:${key}`);
    const owner = randomUUID();
    const acquire = async () => {
      const { rows } = await this.pool.query<{ token: string }>(ACQUIRE(lock, toJson(owner), options.ttlSeconds));
      return rows[0] && Number(rows[0].token);
    };
    const renew = async () => (await this.pool.query(RENEW(lock, owner, options.ttlSeconds))).rowCount === 1;
    const release = async () => void (await this.pool.query(RELEASE(lock, owner)));
    return withLease(key, { acquire, renew, release }, work, options);
  }

  rateLimiter(limit: RateLimit): RateLimiter {
    return postgresRateLimiter(this.pool, limit);
  }

  async check(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  removeExpired(limit: number): Promise<number> {
    return removeExpired(this.pool, limit);
  }

  append(feed: string, values: readonly unknown[], ttlSeconds: number): Promise<void> {
    return this.feeds.append(feed, values, ttlSeconds);
  }

  readAfter<T>(feed: string, position: number, limit: number): Promise<FeedEntry<T>[]> {
    return this.feeds.readAfter(feed, position, limit);
  }

  onAppended(feed: string, listener: () => void): () => void {
    return this.feeds.onAppended(feed, listener);
  }
}
