import { Module } from '@nestjs/common';
import { ServiceClient } from '@trefoil/service-client';
import { Directory } from './directory.js';
import { ProviderClient } from './provider-client.js';
import { PROVIDER_FETCH, providerConnection } from './provider-connection.js';
import { UserInfo } from './userinfo.js';

/** Provides the backend as a client of the provider. */
@Module({
  providers: [...providerConnection, ProviderClient, UserInfo, Directory],
  exports: [ServiceClient, PROVIDER_FETCH, ProviderClient, UserInfo, Directory],
})
export class ProviderClientModule {}
