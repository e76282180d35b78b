import type { FactoryProvider } from '@nestjs/common';
import { Housekeeping, removalTask } from '@trefoil/server-kit';
import { PostgresStateStore } from '@trefoil/state-store';
import { Database } from './database.js';

/**
 * Provides the periodic deletion of expired entries, such as sessions and sign-in transactions, from the database. Redis deletes
 * its own; then this deletes those from before Redis was configured.
 */
export const housekeepingProvider: FactoryProvider<Housekeeping> = {
  provide: Housekeeping,
  useFactory: ({ pool }: Database) => {
    const store = new PostgresStateStore(pool);
    return new Housekeeping(store, [removalTask('expired-state', (limit) => store.removeExpired(limit))]);
  },
  inject: [Database],
};
