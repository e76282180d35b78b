import { Module } from '@nestjs/common';
import { ApisModule } from '../apis/apis.module.js';
import { ProviderClient } from './provider-client.js';
import { ProviderMetadata } from './provider-metadata.js';

/** The provider, called as an OAuth client. */
@Module({
  imports: [ApisModule],
  providers: [ProviderMetadata, ProviderClient],
  exports: [ProviderMetadata, ProviderClient],
})
export class ProviderClientModule {}
