import { setTimeout as waitFor } from 'node:timers/promises';
import { ServiceUnavailable } from './errors.js';

const MOST_RETRIES = 2;
const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 1000;
const TRANSIENT: readonly (number | undefined)[] = [undefined, 429, 502, 503, 504];

/** The clock and the random numbers of retries, which tests can replace. */
export interface RetryClock {
  /** Returns milliseconds since 1970. */
  now?: () => number;
  wait?: (milliseconds: number) => Promise<unknown>;
  /** Returns a number from 0 to 1. */
  random?: () => number;
}

/**
 * Calls a function, and calls it again up to two times when the other server was unavailable (no response, 429, 502, 503
 * or 504). Waits between the calls as long as `Retry-After` says, or with exponential back-off and full jitter. Does not
 * wait beyond the timeout.
 *
 * @param work Receives the milliseconds that remain until the timeout.
 * @param timeoutMilliseconds The timeout of all calls together.
 * @throws the error of the last call.
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
