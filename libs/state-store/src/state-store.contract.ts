import { LockTimeoutError } from './lease.js';
import type { StateStore } from './state-store.js';

const MINUTE = 60;
const ENDED = 0;
const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** A promise and the hand that settles it, to hold work at a known point. */
function signal(): { promise: Promise<void>; give: () => void } {
  let give = () => {};
  const promise = new Promise<void>((resolve) => (give = resolve));
  return { promise, give };
}

/** The rules of {@link StateStore}, for each engine that keeps one. */
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
        ['a text with characters that databases stumble on', 'NUL \u0000, lone surrogate \uD800, é, 🍀, \\u0000'],
        ['null', null],
        ['false', false],
        ['an empty text', ''],
      ])('give back %s', async (_, value) => {
        await store.set(key, value, MINUTE);
        expect(JSON.stringify((await store.get(key))?.value)).toBe(JSON.stringify(value));
      });

      it('are nothing when nobody wrote them', async () => {
        expect(await store.get(key)).toBeUndefined();
        expect(await store.take(key)).toBeUndefined();
        expect(await store.delete(key)).toBe(false);
      });

      it('have the last value that was set', async () => {
        await store.set(key, 'first', MINUTE);
        await store.set(key, 'second', MINUTE);
        expect((await store.get(key))?.value).toBe('second');
      });

      it('are gone once deleted', async () => {
        await store.set(key, 'value', MINUTE);
        expect(await store.delete(key)).toBe(true);
        expect(await store.get(key)).toBeUndefined();
      });

      it('refuse what is no JSON', async () => {
        await expect(store.set(key, undefined, MINUTE)).rejects.toThrow(TypeError);
      });

      it('take any key, however long and whatever is in it', async () => {
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

    describe('ended entries', () => {
      beforeEach(() => store.set(key, 'old', ENDED));

      it('are read by nobody', async () => {
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

      it('are not replaced by who read them while they lived', async () => {
        await store.set(key, 'value', 0.5);
        const version = (await store.get(key))?.version;
        if (version === undefined) throw new Error('the entry ended before it was read');
        while (await store.get(key));
        expect(await store.compareAndSet(key, version, 'late', MINUTE)).toBe(false);
        expect(await store.get(key)).toBeUndefined();
      });

      it('are removed in batches of the size asked, and live ones stay', async () => {
        await store.removeExpired(1000);
        await store.set(`${key}:live`, 'value', MINUTE);
        await times(5, (index) => store.set(`${key}:${index}`, 'old', ENDED));
        expect(await store.removeExpired(3)).toBe(3);
        expect(await store.removeExpired(3)).toBe(2);
        expect(await store.removeExpired(3)).toBe(0);
        expect((await store.get(`${key}:live`))?.value).toBe('value');
      });
    });

    describe('setIfAbsent', () => {
      it('is true for one of 50 callers at once', async () => {
        const won = await times(50, (index) => store.setIfAbsent(key, index, MINUTE));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect((await store.get(key))?.value).toBe(won.indexOf(true));
      });

      it('is true for one of 50 callers at once when an entry has ended', async () => {
        await store.set(key, 'old', ENDED);
        const won = await times(50, (index) => store.setIfAbsent(key, index, MINUTE));
        expect(won.filter(Boolean)).toHaveLength(1);
      });
    });

    describe('take', () => {
      it('gives the value to one of 50 callers at once', async () => {
        await store.set(key, 'once', MINUTE);
        const taken = await times(50, () => store.take<string>(key));
        expect(taken.filter((value) => value === 'once')).toHaveLength(1);
        expect(taken.filter((value) => value === undefined)).toHaveLength(49);
      });
    });

    describe('compareAndSet', () => {
      it('loses no increment of 20 who count at the same time', async () => {
        await store.set(key, 0, MINUTE);
        const increment = async (): Promise<void> => {
          const entry = await store.get<number>(key);
          if (!entry) throw new Error('the counter is gone');
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

      it('fails for a key that was deleted and written anew', async () => {
        await store.set(key, 'value', MINUTE);
        const version = (await store.get(key))?.version ?? NaN;
        await store.delete(key);
        await store.set(key, 'somebody else', MINUTE);
        expect(await store.compareAndSet(key, version, 'late', MINUTE)).toBe(false);
      });
    });

    describe('withLock', () => {
      const patient = { ttlSeconds: MINUTE, waitMilliseconds: 20_000 };

      it('lets one in at a time', async () => {
        let inside = 0;
        let most = 0;
        const work = async () => {
          most = Math.max(most, ++inside);
          await store.get(key);
          inside--;
        };
        await times(10, () => store.withLock(key, work, patient));
        expect(most).toBe(1);
      });

      it('hands on what the work gives, and what it throws', async () => {
        expect(await store.withLock(key, () => Promise.resolve('done'), patient)).toBe('done');
        const failing = () => Promise.reject(new Error('work failed'));
        await expect(store.withLock(key, failing, patient)).rejects.toThrow('work failed');
        expect(await store.withLock(key, () => Promise.resolve('free again'), patient)).toBe('free again');
      });

      it('gives up when the lock is not free in time', async () => {
        const entered = signal();
        const leave = signal();
        const owner = store.withLock(key, async () => (entered.give(), leave.promise), patient);
        await entered.promise;
        const attempt = store.withLock(key, () => Promise.resolve(), { ttlSeconds: MINUTE, waitMilliseconds: 20 });
        await expect(attempt).rejects.toThrow(LockTimeoutError);
        leave.give();
        await owner;
      });

      it('goes to the next one when its lease has ended, and the late owner leaves it alone', async () => {
        const lateEntered = signal();
        const lateLeaves = signal();
        const late = store.withLock(key, async () => (lateEntered.give(), lateLeaves.promise), {
          ...patient,
          ttlSeconds: 0.05,
        });
        await lateEntered.promise;
        const nextEntered = signal();
        const nextLeaves = signal();
        const next = store.withLock(key, async () => (nextEntered.give(), nextLeaves.promise), patient);
        await nextEntered.promise;
        lateLeaves.give();
        await late;
        const third = store.withLock(key, () => Promise.resolve(), { ttlSeconds: MINUTE, waitMilliseconds: 0 });
        await expect(third).rejects.toThrow(LockTimeoutError);
        nextLeaves.give();
        await next;
      });

      it('holds for as long as the work takes when it is renewed', async () => {
        const leave = signal();
        const entered = signal();
        const owner = store.withLock(
          key,
          async (lost) => {
            entered.give();
            await leave.promise;
            return lost.aborted;
          },
          { ...patient, ttlSeconds: 0.3, renew: true },
        );
        await entered.promise;
        const other = { ttlSeconds: MINUTE, waitMilliseconds: 1000 };
        await expect(store.withLock(key, () => Promise.resolve(), other)).rejects.toThrow(LockTimeoutError);
        leave.give();
        expect(await owner).toBe(false);
        expect(await store.withLock(key, () => Promise.resolve('next'), patient)).toBe('next');
      });

      it('is apart from an entry of the same key', async () => {
        await store.set(key, 'value', MINUTE);
        await store.withLock(key, () => store.set(key, 'changed', MINUTE), patient);
        expect((await store.get(key))?.value).toBe('changed');
      });
    });

    describe('feeds', () => {
      const readAll = async (feed: string, after = 0) =>
        (await store.readAfter<unknown>(feed, after, 1000)).map(({ value }) => value);

      it('give back what was appended, in its order and by its position', async () => {
        await store.append(key, ['first', { second: 2 }], MINUTE);
        await store.append(key, [null], MINUTE);
        const entries = await store.readAfter(key, 0, 1000);
        expect(entries.map(({ value }) => value)).toEqual(['first', { second: 2 }, null]);
        const [first = 0, second = 0, third = 0] = entries.map(({ position }) => position);
        expect([first > 0, second > first, third > second]).toEqual([true, true, true]);
        expect(await store.readAfter(key, first, 1)).toEqual([entries[1]]);
        expect(await store.readAfter(key, third, 1000)).toEqual([]);
      });

      it('are empty when nobody appended, and when nothing was appended', async () => {
        await store.append(key, [], MINUTE);
        expect(await readAll(key)).toEqual([]);
      });

      it('are apart from each other', async () => {
        await store.append(key, ['mine'], MINUTE);
        expect(await readAll(`${key}:other`)).toEqual([]);
      });

      it('refuse what is no JSON, and append nothing of it', async () => {
        await expect(store.append(key, ['value', undefined], MINUTE)).rejects.toThrow(TypeError);
        expect(await readAll(key)).toEqual([]);
      });

      it('skip nothing that many append at once, however a reader comes between', async () => {
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

      it('leave out what has ended, and go on counting', async () => {
        await store.append(key, ['old'], ENDED);
        await store.append(key, ['new'], MINUTE);
        const [entry, ...more] = await store.readAfter(key, 0, 1000);
        expect([entry?.value, more]).toEqual(['new', []]);
        await store.removeExpired(1000);
        await store.append(key, ['newer'], MINUTE);
        expect(await readAll(key, entry?.position)).toEqual(['newer']);
      });

      it('wake who listens when somebody else appends', async () => {
        const other = await makeStore();
        const told = signal();
        const end = store.onAppended(key, () => {
          void readAll(key).then((values) => values.length > 0 && told.give());
        });
        await other.append(key, ['value'], MINUTE);
        await told.promise;
        end();
      });

      it('wake nobody who has ended', async () => {
        const told = signal();
        let calls = 0;
        const end = store.onAppended(key, () => void calls++);
        const endOther = store.onAppended(key, () => told.give());
        end();
        await store.append(key, ['value'], MINUTE);
        await told.promise;
        endOther();
        expect(calls).toBe(0);
      });
    });
  });
}
