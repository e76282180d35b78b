import { setTimeout as waitFor } from 'node:timers/promises';
import { ServiceUnavailable } from './errors.js';

const MOST_RETRIES = 2;
const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 1000;
const TRANSIENT: readonly (number | undefined)[] = [undefined, 429, 502, 503, 504];

/** Time and chance, for tests to hold. */
export interface RetryClock {
  /** Milliseconds since 1970. */
  now?: () => number;
  wait?: (milliseconds: number) => Promise<unknown>;
  /** From 0 to 1. */
  random?: () => number;
}

/**
 * Does work, and does it again when the other server was not there or asked for patience: exponential back-off with
 * full jitter, or as long as `Retry-After` says, never beyond the time that all attempts have together.
 *
 * @param work Given the milliseconds that are left.
 * @throws What the last attempt threw.
 */
export async function withRetries<T>(
  work: (remainingMilliseconds: number) => Promise<T>,
  timeoutMilliseconds: number,
  { now = Date.now, wait = waitFor, random = Math.random }: RetryClock = {},
): Promise<T> {
  const deadline = now() + timeoutMilliseconds;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work(deadline - now());
    } catch (error) {
      if (attempt === MOST_RETRIES || !isTransient(error)) throw error;
      const backOff = random() * Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** attempt, LONGEST_PAUSE_MILLISECONDS);
      const pause = error.retryAfterSeconds === undefined ? backOff : error.retryAfterSeconds * 1000;
      if (now() + pause >= deadline) throw error;
      await wait(pause);
    }
  }
}

const isTransient = (error: unknown): error is ServiceUnavailable =>
  error instanceof ServiceUnavailable && TRANSIENT.includes(error.status);
