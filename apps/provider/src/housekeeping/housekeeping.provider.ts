import type { Provider } from '@nestjs/common';
import { Housekeeping } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { STATE_STORE } from '../database/state-store.module.js';
import { EventPartitions } from '../security-events/partitions/event-partitions.js';
import { Usage } from '../security-events/usage/usage.js';
import { housekeepingTasks } from './housekeeping-tasks.js';

/** The provider's housekeeping, for the server; commands do none. */
export const housekeepingProvider: Provider = {
  provide: Housekeeping,
  useFactory: (
    store: StateStore,
    dataSource: DataSource,
    partitions: EventPartitions,
    usage: Usage,
    config: ProviderConfig,
  ) =>
    new Housekeeping(
      store,
      housekeepingTasks({
        query: (sql, parameters) => dataSource.query(sql, parameters),
        store,
        partitions,
        usage,
        config,
      }),
    ),
  inject: [STATE_STORE, DataSource, EventPartitions, Usage, CONFIG],
};
