import type { Provider } from '@nestjs/common';
import { type ClientCredentials, clientCredentials } from '@trefoil/server-kit';
import { aliasFetch, certificateFetch, providerFetch, ServiceClient } from '@trefoil/service-client';
import type { ResourceServerConfig } from './resource-server-config.js';

/** Injection token of the credentials with which the server authenticates at the provider. */
export const CLIENT_CREDENTIALS = Symbol('CLIENT_CREDENTIALS');

/**
 * Injection token of a `fetch` that calls the provider, at its internal URL if it has one, with the certificate of the server if it
 * has one.
 */
export const PROVIDER_FETCH = Symbol('PROVIDER_FETCH');

const fetchOf = (config: ResourceServerConfig, { certificate }: ClientCredentials): typeof fetch => {
  const send = certificate && certificateFetch(() => certificate.current);
  const address = {
    issuer: config.ISSUER,
    internalUrl: config.ISSUER_INTERNAL_URL,
    plainHttpOrigins: config.PLAIN_HTTP_ORIGINS,
  };
  const url = config.ISSUER.replace(/\/$/, '');
  return aliasFetch(providerFetch(address, send), { url, mtlsUrl: config.PROVIDER_MTLS_URL });
};

const serviceClient = (
  config: ResourceServerConfig,
  { certificate, privateKey, clientSecret }: ClientCredentials,
  fetchProvider: typeof fetch,
): ServiceClient =>
  new ServiceClient({
    issuer: config.ISSUER,
    clientId: config.CLIENT_ID,
    clientSecret,
    privateKey,
    certificate: certificate && (() => certificate.current),
    plainHttpOrigins: config.PLAIN_HTTP_ORIGINS,
    resourceParameter: config.RESOURCE_PARAMETER,
    fetch: fetchProvider,
  });

/** Returns the connection to the provider: its credentials, its `fetch`, and the client for tokens and introspection. */
export const providerConnection = (config: ResourceServerConfig): Provider[] => [
  { provide: CLIENT_CREDENTIALS, useFactory: () => clientCredentials(config) },
  {
    provide: PROVIDER_FETCH,
    useFactory: (credentials: ClientCredentials) => fetchOf(config, credentials),
    inject: [CLIENT_CREDENTIALS],
  },
  {
    provide: ServiceClient,
    useFactory: (credentials: ClientCredentials, fetchProvider: typeof fetch) =>
      serviceClient(config, credentials, fetchProvider),
    inject: [CLIENT_CREDENTIALS, PROVIDER_FETCH],
  },
];
