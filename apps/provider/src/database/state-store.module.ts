import { Global, Module } from '@nestjs/common';
import { PostgresStateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** Injection token of the shared short-lived state (`StateStore`). */
export const STATE_STORE = Symbol('STATE_STORE');

/** Injection token of the connection pool that TypeORM holds, for what speaks SQL itself (`Pool`). */
export const POOL = Symbol('POOL');

/** Short-lived state on the provider's own database and connections. */
@Global()
@Module({
  providers: [
    {
      provide: POOL,
      // TypeORM's PostgreSQL driver keeps its pg pool as `master`.
      useFactory: (dataSource: DataSource) => (dataSource.driver as unknown as { master: Pool }).master,
      inject: [DataSource],
    },
    { provide: STATE_STORE, useFactory: (pool: Pool) => new PostgresStateStore(pool), inject: [POOL] },
  ],
  exports: [POOL, STATE_STORE],
})
export class StateStoreModule {}
