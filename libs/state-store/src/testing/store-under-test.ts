import type { StateStore } from '../state-store.js';

/** The store under test, with a key that no other test uses. */
export interface StoreUnderTest {
  readonly store: StateStore;
  readonly key: string;
}

/** Lifetimes of entries, in seconds. */
export const MINUTE = 60;
export const EXPIRED = 0;

/** Runs something several times at once. */
export const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** Returns a promise and the function that resolves it, to stop work at a known point. */
export function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((resolvePromise) => (resolve = resolvePromise));
  return { promise, resolve };
}
