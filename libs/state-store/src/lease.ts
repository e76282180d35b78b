import { setTimeout as wait } from 'node:timers/promises';
import type { LockOptions } from './state-store.js';

const FIRST_PAUSE_MILLISECONDS = 5;
const LONGEST_PAUSE_MILLISECONDS = 100;

/** A lock was held by somebody else for as long as the caller was willing to wait. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';

  constructor(
    readonly key: string,
    readonly waitMilliseconds: number,
  ) {
    super(`the lock ${key} was not obtained within ${waitMilliseconds} ms`);
  }
}

/** A lock that ends by itself, as one owner sees it. */
export interface Lease {
  /** True when the lock was free and is now the owner's. */
  acquire(): Promise<boolean>;
  /** Lets the lock end later; false when it has become somebody else's. */
  renew(): Promise<boolean>;
  /** Gives the lock back; leaves it alone when it has become somebody else's. */
  release(): Promise<void>;
}

/**
 * Does some work under a lease, waiting for it with a jittered back-off.
 *
 * @throws LockTimeoutError
 */
export async function holdingLease<T>(
  key: string,
  lease: Lease,
  work: (lost: AbortSignal) => Promise<T>,
  { waitMilliseconds, ttlSeconds, renew = false }: LockOptions,
): Promise<T> {
  const deadline = performance.now() + waitMilliseconds;
  for (
    let pause = FIRST_PAUSE_MILLISECONDS;
    !(await lease.acquire());
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)
  ) {
    const remaining = deadline - performance.now();
    if (remaining <= 0) throw new LockTimeoutError(key, waitMilliseconds);
    // Half of the pause is random: those who wait together must not come back together.
    await wait(Math.min(pause * (0.5 + Math.random() / 2), remaining));
  }
  const lost = new AbortController();
  const endRenewal = renew ? renewing(lease, ttlSeconds * 1000, () => lost.abort()) : undefined;
  try {
    return await work(lost.signal);
  } finally {
    endRenewal?.();
    await lease.release();
  }
}

/** Renews a lease three times in its life; `onLost` is told when it went to somebody else, or could not be renewed. */
function renewing(lease: Lease, ttlMilliseconds: number, onLost: () => void): () => void {
  let renewedAt = performance.now();
  const timer = setInterval(() => {
    const askedAt = performance.now();
    lease.renew().then(
      (held) => (held ? (renewedAt = askedAt) : onLost()),
      // The store may come back before the lease ends.
      () => askedAt - renewedAt >= ttlMilliseconds && onLost(),
    );
  }, ttlMilliseconds / 3);
  return () => clearInterval(timer);
}
