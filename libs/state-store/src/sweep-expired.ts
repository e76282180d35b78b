import type { StateStore } from './state-store.js';

const PAUSE_MILLISECONDS = 60_000;
const BATCH = 1000;

/**
 * Removes what has ended from a store, once a minute and in bounded batches.
 *
 * @param onFault Told why entries stay until the next minute.
 * @returns what ends it.
 */
export function sweepExpired(store: Pick<StateStore, 'removeExpired'>, onFault: (error: unknown) => void): () => void {
  const sweep = async (): Promise<void> => {
    while ((await store.removeExpired(BATCH)) === BATCH);
  };
  const timer = setInterval(() => void sweep().catch(onFault), PAUSE_MILLISECONDS).unref();
  return () => clearInterval(timer);
}
