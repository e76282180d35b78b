import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GuardsModule, type GuardsOptions, resourceMetadataUrl } from '@trefoil/guards';
import { IdempotencyModule, NdjsonModule } from '@trefoil/resource-api';
import { ServiceClient } from '@trefoil/service-client';
import { housekeepingProvider } from './database/housekeeping.js';
import { resourceServerDatabase } from './database/resource-server-database.js';
import { STATE_STORE, stateStoreProviders } from './database/state-store.js';
import { HomeController } from './http/home.controller.js';
import { OPEN_STREAMS } from './limits.js';
import type { ResourceServer } from './resource-server.js';
import type { ResourceServerConfig } from './resource-server-variables.js';

/**
 * Builds the parts that every resource server has: the database, the state store, the server as a client of the provider
 * (`ServiceClient`), the guard of every route with DPoP and the provider's stream of revocations, idempotent requests,
 * NDJSON streams, housekeeping, and a redirect from the root to the documentation. The modules of features import nothing
 * of it, because everything is global.
 *
 * @example
 * ```ts
 * @Module({ imports: [ContactsModule] })
 * export class AppModule {
 *   static with(config: BackendConfig): DynamicModule {
 *     return { module: AppModule, imports: [ResourceServerModule.forRoot(backend, config)] };
 *   }
 * }
 * ```
 */
@Module({})
export class ResourceServerModule {
  static forRoot(server: ResourceServer, config: ResourceServerConfig): DynamicModule {
    return {
      module: ResourceServerModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({
          ...resourceServerDatabase(server, config),
          autoLoadEntities: true,
          retryAttempts: 3,
          retryDelay: 1000,
        }),
        IdempotencyModule,
        NdjsonModule.forRootAsync({
          useFactory: () => ({ openStreams: OPEN_STREAMS, idleSeconds: config.STREAM_IDLE_SECONDS }),
        }),
        GuardsModule.forRoot({
          ...guardsOptions(server.name, config),
          global: true,
          serviceClient: ServiceClient,
          stateStore: STATE_STORE,
        }),
      ],
      controllers: [HomeController],
      providers: [...stateStoreProviders(server.name, config), serviceClientOf(config), housekeepingProvider],
      exports: [STATE_STORE, ServiceClient, IdempotencyModule],
    };
  }
}

const serviceClientOf = ({ ISSUER, CLIENT_ID, CLIENT_SECRET }: ResourceServerConfig): Provider => ({
  provide: ServiceClient,
  useFactory: () => new ServiceClient({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }),
});

const guardsOptions = (realm: string, config: ResourceServerConfig): GuardsOptions => ({
  issuer: config.ISSUER,
  resource: config.PUBLIC_URL,
  realm,
  resourceMetadata: resourceMetadataUrl(config.PUBLIC_URL),
  userClients: config.USER_CLIENTS,
  dpop: {
    publicUrl: config.PUBLIC_URL,
    nonceKeys: config.DPOP_NONCE_KEY,
    nonceRequired: config.DPOP_NONCE === 'required',
  },
  revocation: {
    keptSeconds: config.REVOCATION_KEPT_SECONDS,
    freshSeconds: config.REVOCATION_FRESH_SECONDS,
    staleSeconds: config.REVOCATION_STALE_SECONDS,
  },
});
