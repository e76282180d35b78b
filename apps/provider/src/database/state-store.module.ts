import { Global, Module } from '@nestjs/common';
import { openStateStore, poolOf } from '@trefoil/server-kit';
import { PostgresStateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';

/** The injection token of the shared short-lived state (`StateStore`). */
export const STATE_STORE = Symbol('STATE_STORE');

/**
 * The injection token of the shared state that stays in the database (`StateStore`): that of background work on its rows, which
 * must be able to run when Redis is down.
 */
export const DATABASE_STATE = Symbol('DATABASE_STATE');

/** The injection token of TypeORM's connection pool (`Pool`), for code that uses `pg` directly. */
export const POOL = Symbol('POOL');

/** Provides the store of short-lived state: in Redis when it is configured, or else in the database of the provider. */
@Global()
@Module({
  providers: [
    {
      provide: POOL,
      useFactory: poolOf,
      inject: [DataSource],
    },
    { provide: DATABASE_STATE, useFactory: (pool: Pool) => new PostgresStateStore(pool), inject: [POOL] },
    {
      provide: STATE_STORE,
      useFactory: (config: ProviderConfig, pool: Pool) => openStateStore('provider', config, pool),
      inject: [CONFIG, POOL],
    },
  ],
  exports: [POOL, DATABASE_STATE, STATE_STORE],
})
export class StateStoreModule {}
