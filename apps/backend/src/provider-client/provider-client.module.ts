import { Module } from '@nestjs/common';
import { ServiceClient } from '@trefoil/service-client';
import { type BackendConfig, CONFIG } from '../config.js';
import { Directory } from './directory.js';
import { ProviderClient } from './provider-client.js';

const serviceClient = {
  provide: ServiceClient,
  inject: [CONFIG],
  useFactory: ({
    ISSUER,
    CLIENT_ID,
    CLIENT_SECRET,
    PLAIN_HTTP_ORIGINS,
  }: Pick<BackendConfig, 'ISSUER' | 'CLIENT_ID' | 'CLIENT_SECRET' | 'PLAIN_HTTP_ORIGINS'>) =>
    new ServiceClient({
      issuer: ISSUER,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      plainHttpOrigins: PLAIN_HTTP_ORIGINS,
    }),
};

/** Provides the backend as a client of the provider. */
@Module({ providers: [serviceClient, ProviderClient, Directory], exports: [ServiceClient, ProviderClient, Directory] })
export class ProviderClientModule {}
