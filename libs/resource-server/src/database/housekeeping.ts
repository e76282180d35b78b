import type { Provider } from '@nestjs/common';
import { expiredAnswersTask } from '@trefoil/resource-api';
import { Housekeeping, removalTask } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { DataSource } from 'typeorm';
import { DATABASE_STATE } from './state-store.js';

/** Provides the housekeeping that deletes expired state and expired answers to idempotent requests. */
export const housekeepingProvider: Provider = {
  provide: Housekeeping,
  useFactory: (store: StateStore, dataSource: DataSource) =>
    new Housekeeping(store, [
      removalTask('expired-state', (limit) => store.removeExpired(limit)),
      expiredAnswersTask(dataSource),
    ]),
  inject: [DATABASE_STATE, DataSource],
};
