const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 600;

/**
 * Seconds until the next attempt: twice as long after each one, up to ten minutes, the latter half of it random, so that
 * what failed together does not come back together.
 *
 * @param attempts how many there have been, at least one.
 */
export function retryPause(attempts: number, random = Math.random()): number {
  const pause = Math.min(FIRST_SECONDS * 2 ** (attempts - 1), LONGEST_SECONDS);
  return pause * (0.5 + random / 2);
}
