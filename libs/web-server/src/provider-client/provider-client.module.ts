import { Module } from '@nestjs/common';
import { credentialProviders, SERVER_FETCH } from './client-credentials.js';
import { ProviderClient } from './provider-client.js';
import { ProviderMetadata } from './provider-metadata.js';

/** The provider, called as an OAuth client. */
@Module({
  providers: [...credentialProviders, ProviderMetadata, ProviderClient],
  exports: [SERVER_FETCH, ProviderMetadata, ProviderClient],
})
export class ProviderClientModule {}
