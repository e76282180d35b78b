import { PostgresStateStore, type StateStore } from '@trefoil/state-store';
import { Database } from './database.js';

/** Injection token of the {@link StateStore}. */
export const STATE_STORE = Symbol('STATE_STORE');

/** Sessions and sign-ins under way, shared by all replicas. */
export const stateStoreProvider = {
  provide: STATE_STORE,
  useFactory: ({ pool }: Database): StateStore => new PostgresStateStore(pool),
  inject: [Database],
};
