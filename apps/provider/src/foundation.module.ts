import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TokenDerivation } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from './config.js';
import { providerDataSource } from './database/data-source.js';
import { StateStoreModule } from './database/state-store.module.js';
import { OutboundModule } from './outbound/outbound.module.js';

/** Provides what a server and a command of the provider both need: configuration, database, shared state, outbound requests. */
@Module({})
export class FoundationModule {
  /** @param timeLimits milliseconds for each SQL statement; those of a server when not given. */
  static with(
    config: Omit<ProviderConfig, 'HOST' | 'PORT'>,
    timeLimits?: { readonly statement_timeout: number; readonly query_timeout: number },
  ): DynamicModule {
    const database = providerDataSource(config.DATABASE_URL);
    const extra: unknown = { ...(database.extra as object), ...timeLimits };
    return {
      module: FoundationModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({ ...database, extra, autoLoadEntities: true, retryAttempts: 3, retryDelay: 1000 }),
        JwtModule.register({}),
        StateStoreModule,
        OutboundModule,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: TokenDerivation, useValue: new TokenDerivation(config.GRANT_KEY) },
      ],
      exports: [CONFIG, TokenDerivation, JwtModule],
    };
  }
}
