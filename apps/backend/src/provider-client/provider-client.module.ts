import { Module } from '@nestjs/common';
import { ServiceClient } from '@trefoil/service-client';
import { Directory } from './directory.js';
import { ProviderClient } from './provider-client.js';
import { PROVIDER_FETCH, providerConnection } from './provider-connection.js';

/** Provides the backend as a client of the provider. */
@Module({
  providers: [...providerConnection, ProviderClient, Directory],
  exports: [ServiceClient, PROVIDER_FETCH, ProviderClient, Directory],
})
export class ProviderClientModule {}
