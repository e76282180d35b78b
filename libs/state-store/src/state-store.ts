/** A value and the version it was read at; the version is spent by {@link StateStore.compareAndSet}. */
export interface StateEntry<T> {
  value: T;
  /** Never the same for two writes, not even of a key that was deleted in between. */
  version: number;
}

/** How a lock is held and waited for. */
export interface LockOptions {
  /** How long the lock holds when its owner neither ends nor comes back. */
  ttlSeconds: number;
  /** How long to wait for another owner; 0 tries once. */
  waitMilliseconds: number;
  /** Whether the lock is held for as long as the work takes and its owner lives, instead of `ttlSeconds` at the most. */
  renew?: boolean;
}

/** A value of a feed and where it stands there. */
export interface FeedEntry<T> {
  /** Above 0, and each above the one before, even when the store has lost some of what it had. */
  position: number;
  value: T;
}

/**
 * Ordered lists that all replicas of an app append to and read from: each value once, in one order for everybody.
 *
 * Nothing is ever inserted before what somebody has read. Values are JSON and have an end, after which they may be gone.
 */
export interface StateFeeds {
  /** Appends values, in their order and all at once; resolves when everybody can read them. */
  append(feed: string, values: readonly unknown[], ttlSeconds: number): Promise<void>;

  /** The values that follow a position, 0 for the first, up to so many; fewer than asked means that no more is there. */
  readAfter<T>(feed: string, position: number, limit: number): Promise<FeedEntry<T>[]>;

  /**
   * Calls a listener soon after somebody appended to a feed, and now and then for no reason: what it was not told of is
   * found when it reads.
   *
   * @returns what ends it.
   */
  onAppended(feed: string, listener: () => void): () => void;
}

/**
 * Short-lived state that all replicas of an app share: sessions, one-time ids, locks.
 *
 * Values are JSON. Every entry has an end, and is gone for every reader from that moment on, removed or not.
 */
export interface StateStore extends StateFeeds {
  get<T>(key: string): Promise<StateEntry<T> | undefined>;

  /** Writes a value, whatever was there. */
  set<T>(key: string, value: T, ttlSeconds: number): Promise<void>;

  /** Writes a value unless the key has one; true for exactly one of many callers. */
  setIfAbsent<T>(key: string, value: T, ttlSeconds: number): Promise<boolean>;

  /** Writes a value if the key still has the version that was read; false when somebody else wrote or removed it. */
  compareAndSet<T>(key: string, version: number, value: T, ttlSeconds: number): Promise<boolean>;

  /** Reads a value and removes it; only one of many callers gets it. */
  take<T>(key: string): Promise<T | undefined>;

  /** Removes a key; true when it had a value. */
  delete(key: string): Promise<boolean>;

  /**
   * Does some work that no other owner of the same lock does at the same time.
   *
   * The lock is a lease: work that takes longer than `ttlSeconds` loses it to the next one, so what the work writes
   * must be guarded by {@link StateStore.compareAndSet} as well. Locks have their own keys, apart from the entries.
   *
   * @param work Given a signal that is aborted when the lock could not be renewed in time.
   * @throws LockTimeoutError when somebody else held the lock all the while.
   */
  withLock<T>(key: string, work: (lost: AbortSignal) => Promise<T>, options: LockOptions): Promise<T>;

  /** Removes up to so many entries that have ended, and tells how many it were; fewer than asked means none is left. */
  removeExpired(limit: number): Promise<number>;
}
