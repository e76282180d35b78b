import {
  findRedis,
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  type RedisKind,
  type RunningRedis,
  startRedis,
} from '@trefoil/local-stack';
import { randomBytes } from 'node:crypto';

/** The Redis server of the test run, and a prefix of keys that no other test uses. */
export interface TestRedis {
  readonly url: string;
  readonly prefix: string;
}

/** Describes tests that need Redis. Without Redis they are skipped, and their name says why. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (findRedis()) describe(name, tests);
  else describe.skip(`${name} (no Redis: install redis-server, or name it in REDIS_SERVER_PATH)`, tests);
}

/** Returns the Redis server of this test run. Call it inside of {@link describeWithRedis}. */
export function testRedis(): TestRedis {
  const url = process.env.TEST_REDIS_URL;
  if (!url) throw new Error('This test has no Redis. Name its file *.medium.spec.ts to get one.');
  return { url, prefix: `test:${randomBytes(6).toString('hex')}:` };
}

/** Starts a Redis server for one test, which may stop it, start it again or change its settings, and must end it. */
export async function startOwnRedis(kind?: RedisKind): Promise<RunningRedis & { end(): Promise<void> }> {
  const directory = await makeTemporaryDirectory();
  const redis = await startRedis(directory, kind);
  const end = async () => {
    await redis.stop();
    removeTemporaryDirectory(directory);
  };
  return Object.assign(redis, { end });
}
