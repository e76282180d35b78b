import { existsSync } from 'node:fs';

const usualPaths = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'];

/**
 * Returns the path of the Redis server named in `REDIS_SERVER_PATH`, or of one in a usual place. Undefined when there is none.
 */
export function findRedis(): string | undefined {
  const { REDIS_SERVER_PATH } = process.env;
  return (REDIS_SERVER_PATH ? [REDIS_SERVER_PATH] : usualPaths).find((path) => existsSync(path));
}
