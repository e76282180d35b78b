import type { FactoryProvider } from '@nestjs/common';
import { openStateStore } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type WebServerConfig } from '../config.js';
import { WEB_SERVER, type WebServerDescription } from '../description.js';
import { Database } from './database.js';

/** Injection token of the {@link StateStore}. */
export const STATE_STORE = Symbol('STATE_STORE');

/** Provides the state that all replicas share: sessions, sign-in transactions, kept forms and locks. */
export const stateStoreProvider: FactoryProvider<StateStore> = {
  provide: STATE_STORE,
  useFactory: (server: WebServerDescription, config: WebServerConfig, { pool }: Database) =>
    openStateStore(server.name, config, pool),
  inject: [WEB_SERVER, CONFIG, Database],
};
