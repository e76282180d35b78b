import { Module } from '@nestjs/common';
import { GuardsModule, type GuardsOptions, resourceMetadataUrl, tokenOptions } from '@trefoil/guards';
import { NdjsonModule, type NdjsonStreamOptions } from '@trefoil/resource-api';
import { ServiceClient } from '@trefoil/service-client';
import { type BackendConfig, CONFIG } from '../config.js';
import { STATE_STORE } from '../database/state-store.js';
import { OPEN_STREAMS } from '../limits.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { PROVIDER_FETCH } from '../provider-client/provider-connection.js';
import { HomeController } from './home.controller.js';

const guardsOptions = (config: BackendConfig, providerFetch: typeof fetch): GuardsOptions => ({
  ...tokenOptions(config),
  issuer: config.ISSUER,
  plainHttpOrigins: config.PLAIN_HTTP_ORIGINS,
  resource: config.PUBLIC_URL,
  realm: 'backend',
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

const streamOptions = ({ STREAM_IDLE_SECONDS }: BackendConfig): NdjsonStreamOptions => ({
  openStreams: OPEN_STREAMS,
  idleSeconds: STREAM_IDLE_SECONDS,
});

/** Guards every route of the app, limits its streams, and redirects the root to the documentation. */
@Module({
  imports: [
    GuardsModule.forRootAsync({
      global: true,
      imports: [ProviderClientModule],
      serviceClient: ServiceClient,
      stateStore: STATE_STORE,
      inject: [CONFIG, PROVIDER_FETCH],
      useFactory: guardsOptions,
    }),
    NdjsonModule.forRootAsync({ inject: [CONFIG], useFactory: streamOptions }),
  ],
  controllers: [HomeController],
})
export class HttpModule {}
