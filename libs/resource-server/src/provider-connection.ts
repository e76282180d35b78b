import type { Provider } from '@nestjs/common';
import { type ClientCredentials, clientCredentials } from '@trefoil/server-kit';
import { aliasFetch, certificateFetch, ServiceClient } from '@trefoil/service-client';
import type { ResourceServerConfig } from './resource-server-config.js';

/** Injection token of the credentials with which the server authenticates at the provider. */
export const CLIENT_CREDENTIALS = Symbol('CLIENT_CREDENTIALS');

/** Injection token of a `fetch` that calls the provider with the certificate of the server, if it has one. */
export const PROVIDER_FETCH = Symbol('PROVIDER_FETCH');

const providerFetch = (
  { ISSUER, PROVIDER_MTLS_URL }: Pick<ResourceServerConfig, 'ISSUER' | 'PROVIDER_MTLS_URL'>,
  { certificate }: ClientCredentials,
): typeof fetch =>
  aliasFetch(certificate ? certificateFetch(() => certificate.current) : (...request) => fetch(...request), {
    url: ISSUER,
    mtlsUrl: PROVIDER_MTLS_URL,
  });

const serviceClient = (
  { ISSUER, CLIENT_ID, PLAIN_HTTP_ORIGINS }: Pick<ResourceServerConfig, 'ISSUER' | 'CLIENT_ID' | 'PLAIN_HTTP_ORIGINS'>,
  { certificate, privateKey, clientSecret }: ClientCredentials,
  fetchProvider: typeof fetch,
): ServiceClient =>
  new ServiceClient({
    issuer: ISSUER,
    clientId: CLIENT_ID,
    clientSecret,
    privateKey,
    certificate: certificate && (() => certificate.current),
    plainHttpOrigins: PLAIN_HTTP_ORIGINS,
    fetch: fetchProvider,
  });

/** Returns the connection to the provider: its credentials, its `fetch`, and the client for tokens and introspection. */
export const providerConnection = (config: ResourceServerConfig): Provider[] => [
  { provide: CLIENT_CREDENTIALS, useFactory: () => clientCredentials(config) },
  {
    provide: PROVIDER_FETCH,
    useFactory: (credentials: ClientCredentials) => providerFetch(config, credentials),
    inject: [CLIENT_CREDENTIALS],
  },
  {
    provide: ServiceClient,
    useFactory: (credentials: ClientCredentials, fetchProvider: typeof fetch) =>
      serviceClient(config, credentials, fetchProvider),
    inject: [CLIENT_CREDENTIALS, PROVIDER_FETCH],
  },
];
