import type { Provider } from '@nestjs/common';
import { openStateStore, poolOf } from '@trefoil/server-kit';
import { PostgresStateStore } from '@trefoil/state-store';
import { DataSource } from 'typeorm';
import type { ResourceServerConfig } from '../resource-server-config.js';

/** Injection token of the short-lived state that all replicas share (`StateStore`). */
export const STATE_STORE = Symbol('STATE_STORE');

/** Injection token of the shared state of housekeeping (`StateStore`), which stays in the database whose rows it deletes. */
export const DATABASE_STATE = Symbol('DATABASE_STATE');

/** Returns the providers of the state store: in Redis when it is configured, or else in the database of the server. */
export const stateStoreProviders = (name: string, config: ResourceServerConfig): Provider[] => [
  {
    provide: STATE_STORE,
    useFactory: (dataSource: DataSource) => openStateStore(name, config, poolOf(dataSource)),
    inject: [DataSource],
  },
  {
    provide: DATABASE_STATE,
    useFactory: (dataSource: DataSource) => new PostgresStateStore(poolOf(dataSource)),
    inject: [DataSource],
  },
];
