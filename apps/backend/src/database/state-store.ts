import type { Provider } from '@nestjs/common';
import { PostgresStateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** Injection token of the short-lived state that all replicas share (`StateStore`). */
export const STATE_STORE = Symbol('STATE_STORE');

/** Provides the state store on the backend's own database and connections. */
export const stateStoreProvider: Provider = {
  provide: STATE_STORE,
  // TypeORM's PostgreSQL driver keeps its pg pool as `master`.
  useFactory: (dataSource: DataSource) =>
    new PostgresStateStore((dataSource.driver as unknown as { master: Pool }).master),
  inject: [DataSource],
};
