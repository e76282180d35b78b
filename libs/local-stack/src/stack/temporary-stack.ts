import { join } from 'node:path';
import { freePort } from '../ports/free-port.js';
import { type RunningRedis, startRedis } from '../redis/redis-server.js';
import { type Stack, type StackOptions, startStack } from './stack.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from './temporary-directory.js';

/** Describes a temporary stack. */
export interface TemporaryStackOptions extends Omit<StackOptions, 'directory' | 'ports'> {
  /** Whether the stack has a Redis server of its own. By default it has one when `TEST_STATE_STORE` is `redis`. */
  redis?: boolean;
}

/** Starts a stack for tests on free ports. Stopping it deletes its data. */
export async function startTemporaryStack({
  redis: withRedis = process.env.TEST_STATE_STORE === 'redis',
  ...options
}: TemporaryStackOptions = {}): Promise<Stack> {
  const [provider, backend, frontend] = await Promise.all([freePort(), freePort(), freePort()]);
  const directory = await makeTemporaryDirectory();
  let redis: RunningRedis | undefined;
  const clean = async () => {
    await redis?.stop();
    removeTemporaryDirectory(directory);
  };
  try {
    if (withRedis && options.redisUrl === undefined) redis = await startRedis(join(directory, 'redis'));
    const ports = { provider, backend, frontend };
    const stack = await startStack({ durable: false, redisUrl: redis?.url, ...options, directory, ports });
    const stop = stack.stop.bind(stack);
    return Object.assign(stack, { stop: () => stop().finally(clean) });
  } catch (error) {
    await clean();
    throw error;
  }
}
