import type { FactoryProvider } from '@nestjs/common';
import { type ClientCredentials, clientCredentials } from '@trefoil/server-kit';
import { aliasFetch, certificateFetch, providerFetch, ServiceClient } from '@trefoil/service-client';
import { type BackendConfig, CONFIG } from '../config.js';

/** Injection token of the credentials with which the backend authenticates at the provider. */
export const CLIENT_CREDENTIALS = Symbol('CLIENT_CREDENTIALS');

/**
 * Injection token of a `fetch` that calls the provider, at its internal URL if it has one, with the certificate of the backend if it
 * has one.
 */
export const PROVIDER_FETCH = Symbol('PROVIDER_FETCH');

type Address = Pick<BackendConfig, 'ISSUER' | 'ISSUER_INTERNAL_URL' | 'PLAIN_HTTP_ORIGINS' | 'PROVIDER_MTLS_URL'>;

const fetchOf = (config: Address, { certificate }: ClientCredentials): typeof fetch => {
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
  {
    ISSUER,
    CLIENT_ID,
    PLAIN_HTTP_ORIGINS,
    RESOURCE_PARAMETER,
  }: Pick<BackendConfig, 'ISSUER' | 'CLIENT_ID' | 'PLAIN_HTTP_ORIGINS' | 'RESOURCE_PARAMETER'>,
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
    resourceParameter: RESOURCE_PARAMETER,
    fetch: fetchProvider,
  });

/** The connection to the provider: its credentials, its `fetch`, and the client for tokens and introspection. */
export const providerConnection: FactoryProvider[] = [
  { provide: CLIENT_CREDENTIALS, inject: [CONFIG], useFactory: clientCredentials },
  { provide: PROVIDER_FETCH, inject: [CONFIG, CLIENT_CREDENTIALS], useFactory: fetchOf },
  { provide: ServiceClient, inject: [CONFIG, CLIENT_CREDENTIALS, PROVIDER_FETCH], useFactory: serviceClient },
];
