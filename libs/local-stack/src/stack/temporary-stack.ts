import { type App, readAppRegistry } from '@trefoil/app-registry';
import { join } from 'node:path';
import { freePort } from '../ports/free-port.js';
import type { PerResourceServer } from '../ports/ports.js';
import { type PerApp, perApp, workspace } from '../apps.js';
import { type RunningRedis, startRedis } from '../redis/redis-server.js';
import { type Stack, type StackOptions, startStack } from './stack.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from './temporary-directory.js';

/** Describes a temporary stack. */
export interface TemporaryStackOptions extends Omit<StackOptions, 'directory' | 'ports' | 'mtlsPorts'> {
  /** Whether the stack has a Redis server of its own. By default it has one when `TEST_STATE_STORE` is `redis`. */
  redis?: boolean;
}

/** Starts a stack for tests on free ports. Stopping it deletes its data. */
export async function startTemporaryStack({
  redis: withRedis = process.env.TEST_STATE_STORE === 'redis',
  ...options
}: TemporaryStackOptions = {}): Promise<Stack> {
  const { apps } = readAppRegistry(options.root ?? workspace);
  const ports = await freePorts(apps);
  const mtlsPorts: PerResourceServer<number> = await freePorts(apps.filter(({ mtlsPort }) => mtlsPort !== undefined));
  const directory = await makeTemporaryDirectory();
  let redis: RunningRedis | undefined;
  const clean = async () => {
    await redis?.stop();
    removeTemporaryDirectory(directory);
  };
  try {
    if (withRedis && options.redisUrl === undefined) redis = await startRedis(join(directory, 'redis'));
    const stack = await startStack({ durable: false, redisUrl: redis?.url, ...options, directory, ports, mtlsPorts });
    const stop = stack.stop.bind(stack);
    return Object.assign(stack, { stop: () => stop().finally(clean) });
  } catch (error) {
    await clean();
    throw error;
  }
}

/** Returns a free port for each app. */
async function freePorts(apps: readonly App[]): Promise<PerApp<number>> {
  const ports = await Promise.all(apps.map(() => freePort()));
  return perApp(apps, (app) => ports[apps.indexOf(app)] ?? 0);
}
