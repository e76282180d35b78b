import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TokenDerivation } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from './config.js';
import { providerDataSource } from './database/data-source.js';
import { StateStoreModule } from './database/state-store.module.js';
import { ModelModule } from './model.module.js';
import { OutboundModule } from './outbound/outbound.module.js';

/** What the provider rests on, be it a server or a command: configuration, database, shared state, and the model. */
@Module({})
export class FoundationModule {
  /** @param timeLimits those of a server, which has to answer, unless given. */
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
        TypeOrmModule.forRoot({ ...database, extra, retryAttempts: 3, retryDelay: 1000 }),
        JwtModule.register({}),
        StateStoreModule,
        OutboundModule,
        ModelModule,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: TokenDerivation, useValue: new TokenDerivation(config.GRANT_KEY) },
      ],
      exports: [CONFIG, TokenDerivation, JwtModule, ModelModule],
    };
  }
}
