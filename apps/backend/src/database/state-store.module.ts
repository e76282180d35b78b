import { Global, Module } from '@nestjs/common';
import { PostgresStateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** Injection token of the shared short-lived state (`StateStore`). */
export const STATE_STORE = Symbol('STATE_STORE');

/** Short-lived state that all replicas share, on the backend's own database and connections. */
@Global()
@Module({
  providers: [
    {
      provide: STATE_STORE,
      // TypeORM's PostgreSQL driver keeps its pg pool as `master`.
      useFactory: (dataSource: DataSource) =>
        new PostgresStateStore((dataSource.driver as unknown as { master: Pool }).master),
      inject: [DataSource],
    },
  ],
  exports: [STATE_STORE],
})
export class StateStoreModule {}
