import { Module } from '@nestjs/common';
import { Database } from './database.js';
import { Encryption } from './encryption.js';
import { housekeepingProvider } from './housekeeping.js';
import { STATE_STORE, stateStoreProvider } from './state-store.js';

/** The database of the sessions: connections, shared state, encryption of stored values, and housekeeping. */
@Module({
  providers: [Database, stateStoreProvider, housekeepingProvider, Encryption],
  exports: [STATE_STORE, Encryption],
})
export class DatabaseModule {}
