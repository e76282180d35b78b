import type { FactoryProvider } from '@nestjs/common';
import { type ClientCredentials, clientCredentials } from '@trefoil/server-kit';
import { aliasFetch, certificateFetch, ServiceClient } from '@trefoil/service-client';
import { type BackendConfig, CONFIG } from '../config.js';

/** Injection token of the credentials with which the backend authenticates at the provider. */
export const CLIENT_CREDENTIALS = Symbol('CLIENT_CREDENTIALS');

/** Injection token of a `fetch` that calls the provider with the certificate of the backend, if it has one. */
export const PROVIDER_FETCH = Symbol('PROVIDER_FETCH');

const providerFetch = (
  { ISSUER, PROVIDER_MTLS_URL }: Pick<BackendConfig, 'ISSUER' | 'PROVIDER_MTLS_URL'>,
  { certificate }: ClientCredentials,
): typeof fetch =>
  aliasFetch(certificate ? certificateFetch(() => certificate.current) : (...request) => fetch(...request), {
    url: ISSUER,
    mtlsUrl: PROVIDER_MTLS_URL,
  });

const serviceClient = (
  { ISSUER, CLIENT_ID, PLAIN_HTTP_ORIGINS }: Pick<BackendConfig, 'ISSUER' | 'CLIENT_ID' | 'PLAIN_HTTP_ORIGINS'>,
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

/** The connection to the provider: its credentials, its `fetch`, and the client for tokens and introspection. */
export const providerConnection: FactoryProvider[] = [
  { provide: CLIENT_CREDENTIALS, inject: [CONFIG], useFactory: clientCredentials },
  { provide: PROVIDER_FETCH, inject: [CONFIG, CLIENT_CREDENTIALS], useFactory: providerFetch },
  { provide: ServiceClient, inject: [CONFIG, CLIENT_CREDENTIALS, PROVIDER_FETCH], useFactory: serviceClient },
];
