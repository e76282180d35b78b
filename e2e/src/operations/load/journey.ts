import { setTimeout as wait } from 'node:timers/promises';

const ATTEMPTS = 5;
const PAUSE_MILLISECONDS = 200;
const BROKEN_CONNECTION = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET'];

/**
 * Returns work that is repeated after a pause when a connection breaks, or when a server answers 503 because another one does not
 * answer, as a person or a program does. Any other answer, also a wrong one, ends it.
 */
export const repeatingInterrupted =
  <T>(work: () => Promise<T>): (() => Promise<T>) =>
  async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === ATTEMPTS || !isInterruption(error)) throw error;
        await wait(attempt * PAUSE_MILLISECONDS);
      }
    }
  };

/** Looks at members only, because errors of Node itself are not instances of the `Error` of a test. */
function isInterruption(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code = '', message = '', cause } = error as NodeJS.ErrnoException;
  return BROKEN_CONNECTION.includes(code) || /^(terminated$|503 )/.test(message) || isInterruption(cause);
}
