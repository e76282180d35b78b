import type { FactoryProvider } from '@nestjs/common';
import { PostgresStateStore, type StateStore } from '@trefoil/state-store';
import { Database } from './database.js';

/** Injection token of the {@link StateStore}. */
export const STATE_STORE = Symbol('STATE_STORE');

/** Provides the state that all replicas share: sessions, sign-in transactions, kept forms and locks. */
export const stateStoreProvider: FactoryProvider<StateStore> = {
  provide: STATE_STORE,
  useFactory: ({ pool }: Database) => new PostgresStateStore(pool),
  inject: [Database],
};
