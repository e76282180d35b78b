import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type BackendConfig, CONFIG } from '../config.js';
import { backendDatabase } from './data-source.js';
import { housekeepingProvider } from './housekeeping.js';
import { STATE_STORE, stateStoreProviders } from './state-store.js';

/** Connects the backend to its database, and to the store of short-lived state. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: (config: BackendConfig) => ({
        ...backendDatabase(config),
        autoLoadEntities: true,
        retryAttempts: 3,
        retryDelay: 1000,
      }),
    }),
  ],
  providers: [...stateStoreProviders, housekeepingProvider],
  exports: [STATE_STORE],
})
export class DatabaseModule {}
