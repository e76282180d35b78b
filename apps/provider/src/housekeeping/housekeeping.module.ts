import { Module } from '@nestjs/common';
import { Housekeeping, type Query } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { DATABASE_STATE } from '../database/state-store.module.js';
import { EventPartitions } from '../security-events/partitions/event-partitions.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { Usage } from '../security-events/usage/usage.js';
import { housekeepingTasks } from './housekeeping-tasks.js';

/** Deletes expired rows in the background. Only the server imports this module; commands run without it. */
@Module({
  imports: [SecurityEventsModule],
  providers: [
    {
      provide: Housekeeping,
      useFactory: (
        store: StateStore,
        dataSource: DataSource,
        partitions: EventPartitions,
        usage: Usage,
        config: ProviderConfig,
      ) => {
        const query: Query = (sql, parameters) => dataSource.query(sql, parameters);
        return new Housekeeping(store, housekeepingTasks({ query, store, partitions, usage, config }));
      },
      inject: [DATABASE_STATE, DataSource, EventPartitions, Usage, CONFIG],
    },
  ],
  exports: [Housekeeping],
})
export class HousekeepingModule {}
