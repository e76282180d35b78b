import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import type pg from 'pg';
import { TokenDerivation } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from '../config.js';
import { providerDataSource } from '../database/data-source.js';
import { StateStoreModule } from '../database/state-store.module.js';
import { OutboundModule } from '../outbound/outbound.module.js';

/** Provides what a server and a command of the provider both need: configuration, database, shared state, outbound requests. */
@Module({})
export class FoundationModule {
  /** @param connection options of `pg` that replace those of a server. */
  static with(
    config: Omit<ProviderConfig, 'HOST' | 'PORT'>,
    connection?: pg.ClientConfig & { Client?: typeof pg.Client },
  ): DynamicModule {
    const database = providerDataSource(config.DATABASE_URL, [], config);
    const extra: unknown = { ...(database.extra as object), ...connection };
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
