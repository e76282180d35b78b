import type { OnApplicationShutdown } from '@nestjs/common';
import { PostgresStateStore, RedisStateStore, type StateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import type { StateConfiguration } from '../configuration/state-variables.js';
import type { HealthCheck } from '../observability/health.js';

/** A {@link RedisStateStore} that Nest closes when the server stops. */
class ProvidedRedisStateStore extends RedisStateStore implements OnApplicationShutdown {
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}

/**
 * Returns the store of the short-lived state of a server: in Redis when `REDIS_URL` is set, or else in its database.
 *
 * @param app the name of the app, which is part of every key.
 */
export function openStateStore(
  app: string,
  { REDIS_URL, REDIS_KEY_PREFIX }: StateConfiguration,
  pool: Pick<Pool, 'query' | 'options'>,
): StateStore {
  if (REDIS_URL === undefined) return new PostgresStateStore(pool);
  return new ProvidedRedisStateStore({ url: REDIS_URL, prefix: `${REDIS_KEY_PREFIX}:${app}:` });
}

/** Returns the health checks of the store of a server. A store in the database needs none of its own. */
export const stateStoreHealth = (store: StateStore): HealthCheck[] =>
  store instanceof RedisStateStore ? [{ name: 'redis', check: () => store.check() }] : [];
