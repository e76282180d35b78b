const ATTEMPTS = 3;
const BROKEN_CONNECTION = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET'];

/**
 * Returns work that is repeated when a connection breaks, as a browser or a person does. Any answer of a server, also a wrong
 * one, ends it.
 */
export const repeatingBroken =
  <T>(work: () => Promise<T>): (() => Promise<T>) =>
  async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === ATTEMPTS || !isBrokenConnection(error)) throw error;
      }
    }
  };

function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return BROKEN_CONNECTION.includes(code ?? '') || error.message === 'terminated' || isBrokenConnection(error.cause);
}
