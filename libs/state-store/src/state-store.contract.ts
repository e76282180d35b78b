import { LockTimeoutError } from './lease.js';
import { describeRateLimiters } from './rate-limiter.contract.js';
import type { StateStore } from './state-store.js';

const MINUTE = 60;
const EXPIRED = 0;
const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** Returns a promise and the function that resolves it, to stop work at a known point. */
function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((resolvePromise) => (resolve = resolvePromise));
  return { promise, resolve };
}

/** Defines the tests that every implementation of {@link StateStore} must pass. */
export function describeStateStore(name: string, makeStore: () => Promise<StateStore>): void {
  describe(name, () => {
    let store: StateStore;
    let keys = 0;
    let key: string;

    beforeAll(async () => {
      store = await makeStore();
    });
    beforeEach(() => {
      key = `test:${keys++}`;
    });

    describe('entries', () => {
      it.each([
        ['an object, in the order it was written', { b: 1, a: { list: [1, 'two', null, true] } }],
        ['a string with characters that databases may refuse', 'NUL \u0000, lone surrogate \uD800, é, 🍀, \\u0000'],
        ['null', null],
        ['false', false],
        ['an empty string', ''],
      ])('return %s as it was written', async (_, value) => {
        await store.set(key, value, MINUTE);
        expect(JSON.stringify((await store.get(key))?.value)).toBe(JSON.stringify(value));
      });

      it('are absent when they were never written', async () => {
        expect(await store.get(key)).toBeUndefined();
        expect(await store.take(key)).toBeUndefined();
        expect(await store.delete(key)).toBe(false);
      });

      it('have the last value that was written', async () => {
        await store.set(key, 'first', MINUTE);
        await store.set(key, 'second', MINUTE);
        expect((await store.get(key))?.value).toBe('second');
      });

      it('are absent after they were deleted', async () => {
        await store.set(key, 'value', MINUTE);
        expect(await store.delete(key)).toBe(true);
        expect(await store.get(key)).toBeUndefined();
      });

      it('refuse a value that is not JSON', async () => {
        await expect(store.set(key, undefined, MINUTE)).rejects.toThrow(TypeError);
      });

      it('accept a key of any length and any characters', async () => {
        const strange = [
          `${key}\u0000`,
          `${key} ${'x'.repeat(5000)}`,
          `${key} ${'x'.repeat(4999)}y`,
          `${key} é`,
          `${key} '; --`,
        ];
        await Promise.all(strange.map((each) => store.set(each, each, MINUTE)));
        const found = await Promise.all(strange.map((each) => store.get(each)));
        expect(found.map((entry) => entry?.value)).toEqual(strange);
      });
    });

    describe('expired entries', () => {
      beforeEach(() => store.set(key, 'old', EXPIRED));

      it('are not returned', async () => {
        expect(await store.get(key)).toBeUndefined();
        expect(await store.take(key)).toBeUndefined();
      });

      it('count as absent', async () => {
        expect(await store.setIfAbsent(key, 'new', MINUTE)).toBe(true);
        expect((await store.get(key))?.value).toBe('new');
      });

      it('are not deleted again', async () => {
        expect(await store.delete(key)).toBe(false);
      });

      it('are not replaced by a caller that read them before they expired', async () => {
        await store.set(key, 'value', 0.5);
        const version = (await store.get(key))?.version;
        if (version === undefined) throw new Error('the entry expired before it was read');
        while (await store.get(key));
        expect(await store.compareAndSet(key, version, 'late', MINUTE)).toBe(false);
        expect(await store.get(key)).toBeUndefined();
      });
    });

    describe('setIfAbsent', () => {
      it('is true for one of 50 concurrent callers', async () => {
        const won = await times(50, (index) => store.setIfAbsent(key, index, MINUTE));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect((await store.get(key))?.value).toBe(won.indexOf(true));
      });

      it('is true for one of 50 concurrent callers when an entry has expired', async () => {
        await store.set(key, 'old', EXPIRED);
        const won = await times(50, (index) => store.setIfAbsent(key, index, MINUTE));
        expect(won.filter(Boolean)).toHaveLength(1);
      });
    });

    describe('take', () => {
      it('returns the value to one of 50 concurrent callers', async () => {
        await store.set(key, 'once', MINUTE);
        const taken = await times(50, () => store.take<string>(key));
        expect(taken.filter((value) => value === 'once')).toHaveLength(1);
        expect(taken.filter((value) => value === undefined)).toHaveLength(49);
      });
    });

    describe('compareAndSet', () => {
      it('loses no increment of 20 concurrent callers', async () => {
        await store.set(key, 0, MINUTE);
        const increment = async (): Promise<void> => {
          const entry = await store.get<number>(key);
          if (!entry) throw new Error('the counter does not exist');
          if (!(await store.compareAndSet(key, entry.version, entry.value + 1, MINUTE))) return increment();
        };
        await times(20, increment);
        expect((await store.get(key))?.value).toBe(20);
      });

      it('fails for a key that was deleted, and writes nothing', async () => {
        await store.set(key, 'value', MINUTE);
        const version = (await store.get(key))?.version ?? NaN;
        await store.delete(key);
        expect(await store.compareAndSet(key, version, 'late', MINUTE)).toBe(false);
        expect(await store.get(key)).toBeUndefined();
      });

      it('fails for a key that was deleted and written again', async () => {
        await store.set(key, 'value', MINUTE);
        const version = (await store.get(key))?.version ?? NaN;
        await store.delete(key);
        await store.set(key, 'somebody else', MINUTE);
        expect(await store.compareAndSet(key, version, 'late', MINUTE)).toBe(false);
      });
    });

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

    it('check resolves while the server answers', async () => {
      await store.check();
    });

    describeRateLimiters(() => store);

    describe('feeds', () => {
      const readAll = async (feed: string, after = 0) =>
        (await store.readAfter<unknown>(feed, after, 1000)).map(({ value }) => value);

      it('return the appended values in their order, with increasing positions', async () => {
        await store.append(key, ['first', { second: 2 }], MINUTE);
        await store.append(key, [null], MINUTE);
        const entries = await store.readAfter(key, 0, 1000);
        expect(entries.map(({ value }) => value)).toEqual(['first', { second: 2 }, null]);
        const [first = 0, second = 0, third = 0] = entries.map(({ position }) => position);
        expect([first > 0, second > first, third > second]).toEqual([true, true, true]);
        expect(await store.readAfter(key, first, 1)).toEqual([entries[1]]);
        expect(await store.readAfter(key, third, 1000)).toEqual([]);
      });

      it('are empty after an empty list was appended', async () => {
        await store.append(key, [], MINUTE);
        expect(await readAll(key)).toEqual([]);
      });

      it('are separate from each other', async () => {
        await store.append(key, ['mine'], MINUTE);
        expect(await readAll(`${key}:other`)).toEqual([]);
      });

      it('refuse a list with a value that is not JSON, and append none of its values', async () => {
        await expect(store.append(key, ['value', undefined], MINUTE)).rejects.toThrow(TypeError);
        expect(await readAll(key)).toEqual([]);
      });

      it('return each value of 40 concurrent callers once to a reader, in the order of the feed', async () => {
        const seen: unknown[] = [];
        let position = 0;
        const read = async () => {
          for (const entry of await store.readAfter(key, position, 1000)) {
            position = entry.position;
            seen.push(entry.value);
          }
        };
        let appended = false;
        const appending = times(40, (index) => store.append(key, [`${index} a`, `${index} b`], MINUTE)).finally(
          () => (appended = true),
        );
        while (!appended) await read();
        await appending;
        await read();
        expect([...seen].sort()).toEqual((await readAll(key)).sort());
        expect(seen).toEqual(await readAll(key));
        expect(new Set(seen).size).toBe(80);
      });

      it('do not return expired values, and continue with greater positions', async () => {
        await store.append(key, ['old'], EXPIRED);
        await store.append(key, ['new'], MINUTE);
        const [entry, ...more] = await store.readAfter(key, 0, 1000);
        expect([entry?.value, more]).toEqual(['new', []]);
        await store.removeExpired(1000);
        await store.append(key, ['newer'], MINUTE);
        expect(await readAll(key, entry?.position)).toEqual(['newer']);
      });

      it('notify a listener when another replica appends', async () => {
        const other = await makeStore();
        const notified = signal();
        const unsubscribe = store.onAppended(key, () => {
          void readAll(key).then((values) => values.length > 0 && notified.resolve());
        });
        await other.append(key, ['value'], MINUTE);
        await notified.promise;
        unsubscribe();
      });

      it('do not notify a listener that was removed', async () => {
        const notified = signal();
        let calls = 0;
        const unsubscribe = store.onAppended(key, () => void calls++);
        const unsubscribeOther = store.onAppended(key, () => notified.resolve());
        unsubscribe();
        await store.append(key, ['value'], MINUTE);
        await notified.promise;
        unsubscribeOther();
        expect(calls).toBe(0);
      });
    });
  });
}
