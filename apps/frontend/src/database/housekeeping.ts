import { Housekeeping, removalTask } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { STATE_STORE } from './state-store.js';

/** What goes by itself: sessions and sign-ins that have ended. */
export const housekeepingProvider = {
  provide: Housekeeping,
  useFactory: (store: StateStore) =>
    new Housekeeping(store, [removalTask('expired-state', (limit) => store.removeExpired(limit))]),
  inject: [STATE_STORE],
};
