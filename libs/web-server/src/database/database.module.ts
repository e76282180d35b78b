import { Module } from '@nestjs/common';
import { Database } from './database.js';
import { Encryption } from './encryption.js';
import { WebServerAdmission } from './web-server-admission.js';
import { housekeepingProvider } from './housekeeping.js';
import { SealedEntries } from './sealed-entries.js';
import { STATE_STORE, stateStoreProvider } from './state-store.js';

/** The database of the sessions: connections, shared state, encryption of stored values, limits, and housekeeping. */
@Module({
  providers: [Database, stateStoreProvider, housekeepingProvider, Encryption, SealedEntries, WebServerAdmission],
  exports: [STATE_STORE, Encryption, SealedEntries, WebServerAdmission],
})
export class DatabaseModule {}
