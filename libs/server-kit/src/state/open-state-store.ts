import { PostgresStateStore, type StateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import type { DatabaseConfiguration } from '../configuration/database-variables.js';
import type { StateConfiguration } from '../configuration/state-variables.js';
import type { HealthCheck } from '../observability/health.js';

/**
 * Returns the store of the short-lived state of a server: in Redis when `REDIS_URL` is set, or else in its database.
 *
 * @param app the name of the app, which is part of every key.
 */
export async function openStateStore(
  app: string,
  { REDIS_URL, REDIS_KEY_PREFIX, DATABASE_SESSION_URL }: StateConfiguration & Partial<DatabaseConfiguration>,
  pool: Pick<Pool, 'query' | 'options'>,
): Promise<StateStore> {
  if (REDIS_URL === undefined) return new PostgresStateStore(pool, DATABASE_SESSION_URL);
  // Loaded on demand, because a server without Redis does not need the client.
  const { ProvidedRedisStateStore } = await import('./provided-redis-state-store.js');
  return new ProvidedRedisStateStore({ url: REDIS_URL, prefix: `${REDIS_KEY_PREFIX}:${app}:` });
}

/** Returns the health checks of the store of a server. A store in the database needs none of its own. */
export const stateStoreHealth = (store: StateStore & { healthChecks?: HealthCheck[] }): HealthCheck[] =>
  store.healthChecks ?? [];
