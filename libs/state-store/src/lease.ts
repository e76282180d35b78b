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
  work: () => Promise<T>,
  { waitMilliseconds }: Pick<LockOptions, 'waitMilliseconds'>,
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
  try {
    return await work();
  } finally {
    await lease.release();
  }
}
