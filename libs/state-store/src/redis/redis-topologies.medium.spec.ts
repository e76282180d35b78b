import { describeWithRedis, startOwnRedis } from '@trefoil/testing';
import { describeStateStore } from '../state-store.contract.js';
import { RedisStateStore } from './redis-state-store.js';

/** The Redis servers and stores of this file, the last one first. */
const closing: (() => Promise<void>)[] = [];

async function start(kind?: Parameters<typeof startOwnRedis>[0]) {
  const redis = await startOwnRedis(kind);
  closing.unshift(() => redis.end());
  return redis;
}

function open(url: string): RedisStateStore {
  const store = new RedisStateStore({ url, prefix: 'test:' });
  closing.unshift(() => store.close());
  return store;
}

afterAll(async () => {
  for (const close of closing) await close();
});

describeWithRedis('Redis', () => {
  let cluster: Promise<string> | undefined;
  describeStateStore('RedisStateStore on a cluster', async () => {
    cluster ??= start('cluster').then(({ url }) => url);
    return open(await cluster);
  });

  let sentinel: Promise<string> | undefined;
  describeStateStore('RedisStateStore on the master that a sentinel names', async () => {
    sentinel ??= start()
      .then((master) => start({ sentinelOf: master.port }))
      .then(({ url }) => url);
    return open(await sentinel);
  });
});
