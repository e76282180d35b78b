import { randomBytes, randomUUID } from 'node:crypto';
import { storedKey, toJson } from '../encoding.js';
import { withLease } from '../lease.js';
import type { RateLimit, RateLimiter } from '../rate-limiter.js';
import type { FeedEntry, LockedWork, LockOptions, StateEntry, StateStore } from '../state-store.js';
import { RedisConnection } from './redis-connection.js';
import { RedisFeeds } from './redis-feeds.js';
import { redisRateLimiter } from './redis-rate-limiter.js';
import { ACQUIRE_LOCK, COMPARE_AND_SET, RELEASE_LOCK, RENEW_LOCK } from './redis-scripts.js';

/** The fencing token of a lock is kept for this long after the lock has expired. */
const TOKEN_KEPT_MILLISECONDS = 600_000;

/** Configures a {@link RedisStateStore}. */
export interface RedisStateStoreOptions {
  /** One server, a cluster or sentinels. See `parseRedisUrl`. */
  readonly url: string;
  /** Precedes every key and channel, such as `trefoil:provider:`. */
  readonly prefix: string;
}

/**
 * Keeps a {@link StateStore} in Redis. An entry is a string: its version, a space and its value as JSON. Redis deletes what has
 * expired, and every key expires.
 *
 * Connects at the first use. Rejects with `StateStoreUnavailableError` while Redis cannot be used.
 */
export class RedisStateStore implements StateStore {
  private readonly redis: RedisConnection;
  private readonly feeds: RedisFeeds;
  private readonly prefix: string;

  constructor({ url, prefix }: RedisStateStoreOptions) {
    this.redis = new RedisConnection(url);
    this.feeds = new RedisFeeds(this.redis, prefix);
    this.prefix = prefix;
  }

  async get<T>(key: string): Promise<StateEntry<T> | undefined> {
    const entry = await this.redis.run((client) => client.get(this.entryKey(key)));
    return entry === null ? undefined : decode(entry);
  }

  async set<T>(key: string, value: T, ttlSeconds: number): Promise<void> {
    const entry = encode(value);
    const ttl = milliseconds(ttlSeconds);
    await this.redis.run<unknown>((client) =>
      ttl > 0 ? client.set(this.entryKey(key), entry, px(ttl)) : client.del(this.entryKey(key)),
    );
  }

  async setIfAbsent<T>(key: string, value: T, ttlSeconds: number): Promise<boolean> {
    const entry = encode(value);
    // An entry that has expired when it is written is deleted after a millisecond, which is the shortest time.
    const options = { ...px(Math.max(1, milliseconds(ttlSeconds))), condition: 'NX' as const };
    return (await this.redis.run((client) => client.set(this.entryKey(key), entry, options))) !== null;
  }

  async compareAndSet<T>(key: string, version: number, value: T, ttlSeconds: number): Promise<boolean> {
    return this.runOnKey(COMPARE_AND_SET, this.entryKey(key), `${version} `, encode(value), milliseconds(ttlSeconds));
  }

  async take<T>(key: string): Promise<T | undefined> {
    const entry = await this.redis.run((client) => client.getDel(this.entryKey(key)));
    return entry === null ? undefined : decode<T>(entry).value;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.redis.run((client) => client.del(this.entryKey(key)))) === 1;
  }

  withLock<T>(key: string, work: LockedWork<T>, options: LockOptions): Promise<T> {
    const lock = `${this.prefix}lock:${storedKey(key)}`;
    const owner = randomUUID();
    const ttl = milliseconds(options.ttlSeconds);
    const acquire = async () => {
      const parameters = { keys: [lock], arguments: [owner, String(ttl), String(TOKEN_KEPT_MILLISECONDS)] };
      const token = await this.redis.run((client) => client.eval(ACQUIRE_LOCK, parameters));
      return token === null ? undefined : Number(token);
    };
    const renew = () => this.runOnKey(RENEW_LOCK, lock, owner, ttl, TOKEN_KEPT_MILLISECONDS);
    const release = async () => void (await this.runOnKey(RELEASE_LOCK, lock, owner));
    return withLease(key, { acquire, renew, release }, work, options);
  }

  rateLimiter(limit: RateLimit): RateLimiter {
    return redisRateLimiter(this.redis, this.prefix, limit);
  }

  /** Rejects when Redis does not answer or cannot write, for example because its memory is full. */
  async check(): Promise<void> {
    await this.redis.run((client) => client.set(`${this.prefix}check`, '', px(1000)));
  }

  /** Returns 0, because Redis deletes expired entries itself. */
  removeExpired(): Promise<number> {
    return Promise.resolve(0);
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

  /** Closes the connection to Redis. */
  close(): Promise<void> {
    return this.redis.close();
  }

  private entryKey(key: string): string {
    return `${this.prefix}entry:${storedKey(key)}`;
  }

  private async runOnKey(script: string, key: string, ...values: (string | number)[]): Promise<boolean> {
    const parameters = { keys: [key], arguments: values.map(String) };
    return (await this.redis.run((client) => client.eval(script, parameters))) === 1;
  }
}

const milliseconds = (seconds: number): number => Math.ceil(seconds * 1000);

const px = (value: number) => ({ expiration: { type: 'PX', value } }) as const;

/** Encodes an entry with a random version of 53 bits, so that no two writes of a key have the same one. */
const encode = (value: unknown): string => `${randomBytes(8).readBigUInt64BE() >> 11n} ${toJson(value)}`;

function decode<T>(entry: string): StateEntry<T> {
  const end = entry.indexOf(' ');
  return { version: Number(entry.slice(0, end)), value: JSON.parse(entry.slice(end + 1)) as T };
}
