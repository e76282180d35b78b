import { LockTimeoutError } from './lease.js';
import type { StateStore } from './state-store.js';
import { MINUTE, signal, type StoreUnderTest, times } from './testing/store-under-test.js';

/** Defines the tests of the locks of a {@link StateStore}. */
export function describeLocks(given: () => StoreUnderTest): void {
  let store: StateStore;
  let key: string;
  beforeEach(() => ({ store, key } = given()));

  describe('withLock', () => {
    const patient = { ttlSeconds: MINUTE, waitMilliseconds: 20_000 };

    it('runs the work of one caller at a time', async () => {
      let running = 0;
      let most = 0;
      const work = async () => {
        most = Math.max(most, ++running);
        await store.get(key);
        running--;
      };
      await times(10, () => store.withLock(key, work, patient));
      expect(most).toBe(1);
    });

    it('returns the result of the work, and throws its error', async () => {
      expect(await store.withLock(key, () => Promise.resolve('done'), patient)).toBe('done');
      const failing = () => Promise.reject(new Error('work failed'));
      await expect(store.withLock(key, failing, patient)).rejects.toThrow('work failed');
      expect(await store.withLock(key, () => Promise.resolve('free again'), patient)).toBe('free again');
    });

    it('throws an error when the lock is not free in time', async () => {
      const entered = signal();
      const leave = signal();
      const owner = store.withLock(key, async () => (entered.resolve(), leave.promise), patient);
      await entered.promise;
      const attempt = store.withLock(key, () => Promise.resolve(), { ttlSeconds: MINUTE, waitMilliseconds: 20 });
      await expect(attempt).rejects.toThrow(LockTimeoutError);
      leave.resolve();
      await owner;
    });

    it('is acquired by the next caller when its lease has expired, and is not released by the late owner', async () => {
      const lateEntered = signal();
      const lateLeaves = signal();
      const late = store.withLock(key, async () => (lateEntered.resolve(), lateLeaves.promise), {
        ...patient,
        ttlSeconds: 0.05,
      });
      await lateEntered.promise;
      const nextEntered = signal();
      const nextLeaves = signal();
      const next = store.withLock(key, async () => (nextEntered.resolve(), nextLeaves.promise), patient);
      await nextEntered.promise;
      lateLeaves.resolve();
      await late;
      const third = store.withLock(key, () => Promise.resolve(), { ttlSeconds: MINUTE, waitMilliseconds: 0 });
      await expect(third).rejects.toThrow(LockTimeoutError);
      nextLeaves.resolve();
      await next;
    });

    it('is held for as long as the work takes when it is renewed', async () => {
      const leave = signal();
      const entered = signal();
      const owner = store.withLock(
        key,
        async (lost) => {
          entered.resolve();
          await leave.promise;
          return lost.aborted;
        },
        { ...patient, ttlSeconds: 0.3, renew: true },
      );
      await entered.promise;
      const other = { ttlSeconds: MINUTE, waitMilliseconds: 1000 };
      await expect(store.withLock(key, () => Promise.resolve(), other)).rejects.toThrow(LockTimeoutError);
      leave.resolve();
      expect(await owner).toBe(false);
      expect(await store.withLock(key, () => Promise.resolve('next'), patient)).toBe('next');
    });

    it('gives each owner a greater fencing token than the owner before, also when a lease expired', async () => {
      const tokens: number[] = [];
      const collect = async (_lost: AbortSignal, token: number) => void tokens.push(token);
      await store.withLock(key, collect, patient);
      const leave = signal();
      const entered = signal();
      const late = store.withLock(
        key,
        async (_lost, token) => {
          tokens.push(token);
          entered.resolve();
          await leave.promise;
        },
        { ...patient, ttlSeconds: 0.05 },
      );
      await entered.promise;
      await store.withLock(key, collect, patient);
      leave.resolve();
      await late;
      await times(10, () => store.withLock(key, collect, patient));
      expect(tokens).toHaveLength(13);
      expect(tokens).toEqual([...new Set(tokens)].sort((one, other) => one - other));
    });

    it('aborts the signal of an owner whose lease was taken over', async () => {
      const entered = signal();
      const aborted = signal();
      // The renewal comes too late, because the lease has expired before the first one.
      const owner = store.withLock(
        key,
        async (lost) => {
          lost.addEventListener('abort', () => aborted.resolve());
          entered.resolve();
          await aborted.promise;
        },
        { ...patient, ttlSeconds: 0.001, renew: true },
      );
      await entered.promise;
      await owner;
    });

    it('is separate from an entry with the same key', async () => {
      await store.set(key, 'value', MINUTE);
      await store.withLock(key, () => store.set(key, 'changed', MINUTE), patient);
      expect((await store.get(key))?.value).toBe('changed');
    });
  });
}
