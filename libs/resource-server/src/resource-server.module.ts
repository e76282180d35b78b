import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GuardsModule, type GuardsOptions, resourceMetadataUrl, tokenOptions } from '@trefoil/guards';
import { IdempotencyModule, NdjsonModule } from '@trefoil/resource-api';
import { ServiceClient } from '@trefoil/service-client';
import { housekeepingProvider } from './database/housekeeping.js';
import { resourceServerDatabase } from './database/resource-server-database.js';
import { STATE_STORE, stateStoreProviders } from './database/state-store.js';
import { HomeController } from './http/home.controller.js';
import { OPEN_STREAMS } from './limits.js';
import { CLIENT_CREDENTIALS, PROVIDER_FETCH, providerConnection } from './provider-connection.js';
import type { ResourceServer } from './resource-server.js';
import type { ResourceServerConfig } from './resource-server-config.js';

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
        GuardsModule.forRootAsync({
          global: true,
          serviceClient: ServiceClient,
          stateStore: STATE_STORE,
          inject: [PROVIDER_FETCH],
          useFactory: (providerFetch: typeof fetch) => guardsOptions(server.name, config, providerFetch),
        }),
      ],
      controllers: [HomeController],
      providers: [...stateStoreProviders(server.name, config), ...providerConnection(config), housekeepingProvider],
      exports: [STATE_STORE, ServiceClient, PROVIDER_FETCH, CLIENT_CREDENTIALS, IdempotencyModule],
    };
  }
}

const guardsOptions = (realm: string, config: ResourceServerConfig, providerFetch: typeof fetch): GuardsOptions => ({
  ...tokenOptions(config),
  issuer: config.ISSUER,
  plainHttpOrigins: config.PLAIN_HTTP_ORIGINS,
  resource: config.PUBLIC_URL,
  realm,
  resourceMetadata: resourceMetadataUrl(config.PUBLIC_URL),
  userClients: config.USER_CLIENTS,
  dpop: {
    publicUrl: config.PUBLIC_URL,
    otherUrls: config.MTLS_URL === undefined ? [] : [config.MTLS_URL],
    nonceKeys: config.DPOP_NONCE_KEY,
    nonceRequired: config.DPOP_NONCE === 'required',
  },
  revocation: {
    ...tokenOptions(config).revocation,
    keptSeconds: config.REVOCATION_KEPT_SECONDS,
    freshSeconds: config.REVOCATION_FRESH_SECONDS,
    staleSeconds: config.REVOCATION_STALE_SECONDS,
  },
  fetch: providerFetch,
});
