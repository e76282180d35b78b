import { createClient } from '@redis/client';
import {
  type DatabaseConnection,
  databaseConnection,
  describeWithRedis,
  startOwnRedis,
  testRedis,
} from '@trefoil/testing';
import { setImmediate as turn } from 'node:timers/promises';
import { StateStoreUnavailableError } from '../state-store-unavailable.error.js';
import { describeStateStore } from '../state-store.contract.js';
import { RedisStateStore } from './redis-state-store.js';

const opened: RedisStateStore[] = [];

function openStore(options: { url: string; prefix: string }): RedisStateStore {
  const store = new RedisStateStore(options);
  opened.push(store);
  return store;
}

afterAll(() => Promise.all(opened.map((store) => store.close())));

describeWithRedis('Redis', () => {
  const prefix = `${testRedisPrefix()}contract:`;
  describeStateStore('RedisStateStore', () => Promise.resolve(openStore({ ...testRedis(), prefix })));
});

/** Returns a prefix for all replicas of one store; without Redis it is not used. */
function testRedisPrefix(): string {
  return process.env.TEST_REDIS_URL ? testRedis().prefix : '';
}

describeWithRedis('the keys of a RedisStateStore', () => {
  const connect = () => createClient({ url: testRedis().url }).connect();
  let redis: Awaited<ReturnType<typeof connect>>;
  let store: RedisStateStore;
  let prefix: string;

  beforeAll(async () => {
    redis = await connect();
  });
  afterAll(() => redis.destroy());
  beforeEach(() => {
    ({ prefix } = testRedis());
    store = openStore({ ...testRedis(), prefix });
  });

  /** Does one of everything that writes. */
  async function writeEverything(): Promise<void> {
    await store.set('set', 1, 60);
    await store.setIfAbsent('absent', 1, 60);
    await store.compareAndSet('set', (await store.get('set'))?.version ?? 0, 2, 60);
    await store.withLock('lock', () => Promise.resolve(), { ttlSeconds: 60, waitMilliseconds: 0 });
    await store.append('feed', [1, 2], 60);
    const limiter = store.rateLimiter({ name: 'limit', points: 1, durationSeconds: 60, blockSeconds: 60 });
    for (const key of ['alice', 'bob']) await limiter.penalize(key);
    await limiter.refund('bob');
    await limiter.refund('carol');
    await store.check();
  }

  it('all expire, and all begin with the prefix of the app', async () => {
    const before = new Set(await redis.keys('*'));
    await writeEverything();
    const written = (await redis.keys('*')).filter((key) => !before.has(key));
    const own = written.filter((key) => key.startsWith(prefix));
    expect(own).toHaveLength(8);
    expect((await redis.keys(`${prefix}*`)).sort()).toEqual(own.sort());
    for (const key of own) expect(await redis.pTTL(key)).toBeGreaterThan(0);
  });

  it('are separate from those of another app', async () => {
    const other = openStore({ ...testRedis() });
    await store.set('key', 'mine', 60);
    expect(await other.get('key')).toBeUndefined();
    expect(await other.setIfAbsent('key', 'theirs', 60)).toBe(true);
  });

  it('contain no user input that is long or not printable', async () => {
    await store.set(`strange\u0000${'x'.repeat(5000)}`, 1, 60);
    await store.rateLimiter({ name: 'limit', points: 1, durationSeconds: 60 }).penalize('alice@example.com');
    const keys = await redis.keys(`${prefix}*`);
    expect(keys.sort()).toEqual([
      expect.stringMatching(/:entry:sha256:[\w-]{43}$/),
      expect.stringMatching(/:limit:limit:[\w-]{43}$/),
    ]);
  });

  it('of a feed lose the values that have expired when others are appended', async () => {
    await store.append('feed', ['a', 'b', 'c'], 0);
    await store.append('feed', ['d'], 60);
    expect(await redis.xLen(`${prefix}feed:feed`)).toBe(1);
  });

  it('of a feed give positions after those that were read, even if Redis has lost its data', async () => {
    await store.append('lost', ['one', 'two', 'three'], 60);
    const read = (await store.readAfter('lost', 0, 10)).at(-1)?.position ?? 0;
    await redis.del(`${prefix}feed:lost`);
    await store.append('lost', ['four'], 60);
    expect(await store.readAfter('lost', read, 10)).toMatchObject([{ value: 'four' }]);
  });

  it('of a feed give increasing positions when the clock of Redis is set back', async () => {
    const ahead = (Date.now() + 3600_000) * 1000;
    await redis.xAdd(`${prefix}feed:ahead`, `${ahead}-0`, { value: '"first"', until: '0' });
    await store.append('ahead', ['one', 'two'], 60);
    expect(await store.readAfter('ahead', ahead, 10)).toEqual([
      { position: ahead + 1, value: 'one' },
      { position: ahead + 2, value: 'two' },
    ]);
  });

  it('of a lock give greater fencing tokens when the clock of Redis is set back', async () => {
    const ahead = (Date.now() + 3600_000) * 1000;
    await redis.hSet(`${prefix}lock:ahead`, 'token', ahead);
    const options = { ttlSeconds: 60, waitMilliseconds: 0 };
    const token = await store.withLock('ahead', (_lost, fencingToken) => Promise.resolve(fencingToken), options);
    expect(token).toBe(ahead + 1);
  });
});

describeWithRedis('while Redis is gone', () => {
  let connection: DatabaseConnection;
  let store: RedisStateStore;

  beforeAll(async () => {
    connection = await databaseConnection(testRedis().url);
  });
  afterAll(() => connection.cut());
  beforeEach(async () => {
    store = openStore({ ...testRedis(), url: connection.url });
    await store.set('kept', 'value', 60);
  });

  const limit = { name: 'limit', points: 1, durationSeconds: 60 };
  const uses: [string, (store: RedisStateStore) => Promise<unknown>][] = [
    ['get', (each) => each.get('key')],
    ['set', (each) => each.set('key', 1, 60)],
    ['setIfAbsent, as in a replay cache,', (each) => each.setIfAbsent('other', 1, 60)],
    ['compareAndSet', (each) => each.compareAndSet('key', 1, 1, 60)],
    ['take', (each) => each.take('key')],
    ['delete', (each) => each.delete('key')],
    ['withLock', (each) => each.withLock('key', () => Promise.resolve(), { ttlSeconds: 1, waitMilliseconds: 10_000 })],
    ['a rate limit', (each) => each.rateLimiter(limit).penalize('alice')],
    ['the check of a rate limit', (each) => each.rateLimiter(limit).check('alice')],
    ['append', (each) => each.append('feed', [1], 60)],
    ['readAfter', (each) => each.readAfter('feed', 0, 1)],
    ['check', (each) => each.check()],
  ];

  /** Waits until the store answers again, which it does without being opened again. */
  async function recovered(): Promise<void> {
    while (
      !(await store.check().then(
        () => true,
        () => false,
      ))
    )
      await turn();
    expect((await store.get('kept'))?.value).toBe('value');
  }

  describe.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['down', () => connection.cut(), () => connection.restore()],
    ['hanging', () => connection.freeze(), () => connection.thaw()],
  ])('and %s', (_, interrupt, restore) => {
    it('every use rejects in time, concurrent ones and later ones as well, and the store recovers', async () => {
      await interrupt();
      for (let round = 0; round < 2; round++) {
        const startedAt = performance.now();
        const results = await Promise.allSettled(uses.map(([, use]) => use(store)));
        expect(performance.now() - startedAt).toBeLessThan(2500);
        const reasons = results.map((result) => result.status === 'rejected' && result.reason);
        expect(reasons).toEqual(uses.map(() => expect.any(StateStoreUnavailableError)));
      }
      await restore();
      await recovered();
    });

    it('a store that was never connected rejects in time, and connects later', async () => {
      await interrupt();
      const other = openStore({ ...testRedis(), url: connection.url });
      const startedAt = performance.now();
      await expect(other.get('key')).rejects.toThrow(StateStoreUnavailableError);
      expect(performance.now() - startedAt).toBeLessThan(2500);
      await restore();
      while (
        !(await other.check().then(
          () => true,
          () => false,
        ))
      )
        await turn();
      await recovered();
    });

    it('listeners of a feed are called at intervals, and at once after the recovery', async () => {
      let calls = 0;
      const unsubscribe = store.onAppended('feed', () => void calls++);
      await interrupt();
      const before = calls;
      while (calls === before) await turn();
      await restore();
      await recovered();
      const value = calls;
      await store.append('feed', [1], 60);
      while (calls === value) await turn();
      unsubscribe();
    });
  });

  it('aborts the signal of a lock that is not renewed in time', async () => {
    const lost = await store.withLock(
      'renewed',
      async (signal) => {
        await connection.cut();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await connection.restore();
        await recovered();
        return signal.aborted;
      },
      { ttlSeconds: 1, waitMilliseconds: 0, renew: true },
    );
    expect(lost).toBe(true);
  });
});

describeWithRedis('a Redis that cannot write', () => {
  it('counts as unavailable, for use and for the check', async () => {
    const own = await startOwnRedis();
    const redis = await createClient({ url: own.url }).connect();
    const store = openStore({ ...testRedis(), url: own.url });
    await redis.configSet('maxmemory', '1');
    await expect(store.setIfAbsent('replayed', true, 60)).rejects.toThrow(StateStoreUnavailableError);
    await expect(store.check()).rejects.toThrow(StateStoreUnavailableError);
    await redis.configSet('maxmemory', '0');
    await store.check();
    redis.destroy();
    await own.end();
  });
});
