import type { Provider } from '@nestjs/common';
import { endedRows, Housekeeping, removalTask } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { DataSource } from 'typeorm';
import { STATE_STORE } from './state-store.module.js';

/** What goes by itself: state that has ended, and the answers to requests that nobody repeats any more. */
export const housekeepingProvider: Provider = {
  provide: Housekeeping,
  useFactory: (store: StateStore, dataSource: DataSource) =>
    new Housekeeping(store, [
      removalTask('expired-state', (limit) => store.removeExpired(limit)),
      endedRows((statement, parameters) => dataSource.query(statement, parameters), {
        name: 'expired-answers',
        table: 'stored_answers',
        endedAt: 'expires_at',
        keptFor: 0,
      }),
    ]),
  inject: [STATE_STORE, DataSource],
};
