import { Global, Module } from '@nestjs/common';
import { PostgresStateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** The injection token of the shared short-lived state (`StateStore`). */
export const STATE_STORE = Symbol('STATE_STORE');

/** The injection token of TypeORM's connection pool (`Pool`), for code that uses `pg` directly. */
export const POOL = Symbol('POOL');

/** Provides the store of short-lived state, in the database of the provider and over the connections of TypeORM. */
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
