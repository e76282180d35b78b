const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 600;

/**
 * Returns the seconds to wait before the next attempt: exponential backoff up to ten minutes. The second half of each
 * delay is random, so that requests that failed together are not repeated together.
 *
 * @param attempts how many attempts have failed, at least one.
 */
export function retryDelay(attempts: number, random = Math.random()): number {
  const delay = Math.min(FIRST_SECONDS * 2 ** (attempts - 1), LONGEST_SECONDS);
  return delay * (0.5 + random / 2);
}
