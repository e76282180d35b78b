import type { StateStore } from './state-store.js';
import { EXPIRED, MINUTE, type StoreUnderTest, times } from './testing/store-under-test.js';

/** Defines the tests of the entries of a {@link StateStore}. */
export function describeEntries(given: () => StoreUnderTest): void {
  let store: StateStore;
  let key: string;
  beforeEach(() => ({ store, key } = given()));

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
}
