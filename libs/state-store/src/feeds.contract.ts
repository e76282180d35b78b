import type { StateStore } from './state-store.js';
import { EXPIRED, MINUTE, signal, type StoreUnderTest, times } from './testing/store-under-test.js';

/**
 * Defines the tests of the feeds of a {@link StateStore}.
 *
 * @param makeStore connects another replica to the same store.
 */
export function describeFeeds(given: () => StoreUnderTest, makeStore: () => Promise<StateStore>): void {
  let store: StateStore;
  let key: string;
  beforeEach(() => ({ store, key } = given()));

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
}
