import type { RateLimit, RateLimiter } from './rate-limiter.js';

/** A value, with the version that {@link StateStore.compareAndSet} compares. */
export interface StateEntry<T> {
  value: T;
  /** Different for every write, also when the key was deleted in between. */
  version: number;
}

/** Configures how long a lock is held and waited for. */
export interface LockOptions {
  /** How long the lock is held when its owner does not release it. */
  ttlSeconds: number;
  /** How long to wait while another owner holds the lock; 0 tries once. */
  waitMilliseconds: number;
  /** Whether the lock is renewed until the work ends. Otherwise it is held for `ttlSeconds` at most. */
  renew?: boolean;
}

/**
 * The work that is done while a lock is held.
 *
 * @param lost a signal that is aborted when the lock could not be renewed in time.
 * @param fencingToken a number that is greater than those of all earlier owners of the lock. A write that carries it can be
 *   refused when a later owner has written since.
 */
export type LockedWork<T> = (lost: AbortSignal, fencingToken: number) => Promise<T>;

/** A value of a feed, with its position. */
export interface FeedEntry<T> {
  /** Greater than 0 and than all earlier positions of the feed, even after the store has lost data. */
  position: number;
  value: T;
}

/**
 * Appends values to feeds and reads them. A feed is an ordered list that all replicas of an app share: every reader gets
 * each value once, in the same order.
 *
 * A value never appears before a position that a reader has already read. Values are JSON, and are removed some time after
 * they have expired.
 */
export interface StateFeeds {
  /** Appends values in their order, all at once. Resolves when every reader can read them. */
  append(feed: string, values: readonly unknown[], ttlSeconds: number): Promise<void>;

  /**
   * Returns the values after a position, `limit` at most. Position 0 is before the first value. A result with fewer values than
   * `limit` means that there are no more.
   */
  readAfter<T>(feed: string, position: number, limit: number): Promise<FeedEntry<T>[]>;

  /**
   * Calls a listener soon after values were appended to a feed, and also at intervals. A notification can be lost, so the
   * listener must read the feed to find new values.
   *
   * @returns a function that removes the listener.
   */
  onAppended(feed: string, listener: () => void): () => void;
}

/**
 * Stores short-lived state that all replicas of an app share, such as sessions, one-time ids and locks.
 *
 * Values are JSON. Every entry expires; from then on no reader gets it, whether or not it has been deleted. When the server
 * of the store is down, every method rejects within about two seconds.
 */
export interface StateStore extends StateFeeds {
  get<T>(key: string): Promise<StateEntry<T> | undefined>;

  /** Writes a value, and replaces the one that the key has. */
  set<T>(key: string, value: T, ttlSeconds: number): Promise<void>;

  /** Writes a value if the key has none. Returns true to exactly one of several concurrent callers. */
  setIfAbsent<T>(key: string, value: T, ttlSeconds: number): Promise<boolean>;

  /** Writes a value if the key still has this version. Returns false when it was written or deleted since. */
  compareAndSet<T>(key: string, version: number, value: T, ttlSeconds: number): Promise<boolean>;

  /** Returns a value and deletes it. Only one of several concurrent callers gets it. */
  take<T>(key: string): Promise<T | undefined>;

  /** Deletes a key. Returns whether it had a value. */
  delete(key: string): Promise<boolean>;

  /**
   * Does some work while holding a lock, which excludes other owners of the same lock.
   *
   * The lock is a lease: work that takes longer than `ttlSeconds` loses it to the next owner. The work must therefore also
   * write with {@link StateStore.compareAndSet}, or compare fencing tokens. The keys of locks are separate from those of
   * entries.
   *
   * @throws LockTimeoutError when other owners held the lock for the whole time to wait.
   */
  withLock<T>(key: string, work: LockedWork<T>, options: LockOptions): Promise<T>;

  /** Returns a counter of attempts in windows of time. Limits with the same name share their counts. */
  rateLimiter(limit: RateLimit): RateLimiter;

  /** Rejects when the server of the store does not answer or cannot write. */
  check(): Promise<void>;

  /**
   * Deletes expired data, `limit` rows at most. Returns the number of rows deleted; fewer than `limit` means none is left. A
   * store whose server deletes expired data itself returns 0.
   */
  removeExpired(limit: number): Promise<number>;
}
