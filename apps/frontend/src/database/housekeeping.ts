import type { FactoryProvider } from '@nestjs/common';
import { Housekeeping, removalTask } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { STATE_STORE } from './state-store.js';

/** Provides the periodic deletion of expired entries, such as sessions and sign-in transactions. */
export const housekeepingProvider: FactoryProvider<Housekeeping> = {
  provide: Housekeeping,
  useFactory: (store: StateStore) =>
    new Housekeeping(store, [removalTask('expired-state', (limit) => store.removeExpired(limit))]),
  inject: [STATE_STORE],
};
