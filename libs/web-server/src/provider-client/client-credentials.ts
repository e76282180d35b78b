import type { FactoryProvider } from '@nestjs/common';
import { type ClientCredentials, clientCredentials } from '@trefoil/server-kit';
import { certificateFetch } from '@trefoil/service-client';
import { CONFIG } from '../config.js';

/** Injection token of the credentials with which the server authenticates at the provider. */
export const CLIENT_CREDENTIALS = Symbol('CLIENT_CREDENTIALS');

/** Injection token of a `fetch` that calls other servers with the certificate of the server, if it has one. */
export const SERVER_FETCH = Symbol('SERVER_FETCH');

const serverFetch = ({ certificate }: ClientCredentials): typeof fetch =>
  certificate ? certificateFetch(() => certificate.current) : (...request) => fetch(...request);

/** The credentials of the server, and the `fetch` that presents its certificate. */
export const credentialProviders: FactoryProvider[] = [
  { provide: CLIENT_CREDENTIALS, inject: [CONFIG], useFactory: clientCredentials },
  { provide: SERVER_FETCH, inject: [CLIENT_CREDENTIALS], useFactory: serverFetch },
];
