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
}

/**
 * Short-lived state that all replicas of an app share: sessions, one-time ids, locks.
 *
 * Values are JSON. Every entry has an end, and is gone for every reader from that moment on, removed or not.
 */
export interface StateStore {
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
   * @throws LockTimeoutError when somebody else held the lock all the while.
   */
  withLock<T>(key: string, work: () => Promise<T>, options: LockOptions): Promise<T>;

  /** Removes up to so many entries that have ended, and tells how many it were; fewer than asked means none is left. */
  removeExpired(limit: number): Promise<number>;
}
