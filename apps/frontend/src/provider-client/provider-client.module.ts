import { Module } from '@nestjs/common';
import { ProviderClient } from './provider-client.js';
import { ProviderMetadata } from './provider-metadata.js';

/** The provider, called as an OAuth client. */
@Module({
  providers: [ProviderMetadata, ProviderClient],
  exports: [ProviderMetadata, ProviderClient],
})
export class ProviderClientModule {}
