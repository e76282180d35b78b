import { setTimeout as wait } from 'node:timers/promises';
import type { LockedWork, LockOptions } from './state-store.js';

const FIRST_PAUSE_MILLISECONDS = 5;
const LONGEST_PAUSE_MILLISECONDS = 100;

/** Reports that another owner held a lock for the whole time that the caller wanted to wait. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';

  constructor(
    readonly key: string,
    readonly waitMilliseconds: number,
  ) {
    super(`the lock ${key} was not obtained within ${waitMilliseconds} ms`);
  }
}

/** A lock that expires, from the view of one owner. */
export interface Lease {
  /** Acquires the lock. Returns its fencing token; undefined when another owner holds the lock. */
  acquire(): Promise<number | undefined>;
  /** Postpones the expiry of the lock. Returns false when the owner no longer holds it. */
  renew(): Promise<boolean>;
  /** Releases the lock, unless another owner holds it now. */
  release(): Promise<void>;
}

/**
 * Does some work while holding a lease. Waits for the lease with a jittered back-off.
 *
 * @throws LockTimeoutError when the lease was not free within the time to wait.
 */
export async function withLease<T>(
  key: string,
  lease: Lease,
  work: LockedWork<T>,
  { waitMilliseconds, ttlSeconds, renew = false }: LockOptions,
): Promise<T> {
  const deadline = performance.now() + waitMilliseconds;
  let fencingToken = await lease.acquire();
  for (let pause = FIRST_PAUSE_MILLISECONDS; fencingToken === undefined; fencingToken = await lease.acquire()) {
    const remaining = deadline - performance.now();
    if (remaining <= 0) throw new LockTimeoutError(key, waitMilliseconds);
    // Half of the pause is random, so that owners that began to wait together do not retry together.
    await wait(Math.min(pause * (0.5 + Math.random() / 2), remaining));
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
  }
  const lost = new AbortController();
  const stopRenewal = renew ? startRenewal(lease, ttlSeconds * 1000, () => lost.abort()) : undefined;
  try {
    return await work(lost.signal, fencingToken);
  } finally {
    stopRenewal?.();
    await lease.release();
  }
}

/**
 * Renews a lease three times in its lifetime. Calls `onLost` when another owner has it, or it expired without a renewal.
 *
 * @returns a function that stops the renewal.
 */
function startRenewal(lease: Lease, ttlMilliseconds: number, onLost: () => void): () => void {
  let renewedAt = performance.now();
  const timer = setInterval(() => {
    const triedAt = performance.now();
    lease.renew().then(
      (held) => (held ? (renewedAt = triedAt) : onLost()),
      // After an error, a later renewal may succeed before the lease expires.
      () => triedAt - renewedAt >= ttlMilliseconds && onLost(),
    );
  }, ttlMilliseconds / 3);
  return () => clearInterval(timer);
}
