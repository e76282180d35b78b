import { demoUsers, RelyingParty, stackCertificates, stackUrls, stackWebClient } from '@trefoil/testing';
import { asApp, fetchAs } from './app-certificate.js';

/** Makes openid-client the demo client `frontend`, with its certificate in place of the real frontend. */
export const frontendClient = (): Promise<RelyingParty> =>
  RelyingParty.discover({
    issuer: stackUrls().provider,
    ...asApp(stackCertificates(), 'frontend'),
    redirectUri: `${stackUrls().frontend}/callback`,
  });

/** Makes openid-client a client that may do what the frontend may, and authenticates with a secret. */
export const webClient = (): Promise<RelyingParty> =>
  RelyingParty.discover({
    issuer: stackUrls().provider,
    ...stackWebClient(),
    redirectUri: `${stackUrls().frontend}/callback`,
  });

/** Makes openid-client the demo client `demo-cli`: a public native app with its own port (RFC 8252 §7.3). */
export const cliClient = (): Promise<RelyingParty> =>
  RelyingParty.discover({
    issuer: stackUrls().provider,
    clientId: 'demo-cli',
    redirectUri: 'http://127.0.0.1:49152/callback',
  });

/** The scopes that the demo frontend requests. */
export const FRONTEND_SCOPE = 'openid profile email account:read contacts:read contacts:write';

/** The options with which alice signs in at the demo frontend. */
export const aliceAtFrontend = () => ({
  ...demoUsers.alice,
  scope: FRONTEND_SCOPE,
  parameters: { resource: stackUrls().backend },
});

/** Calls the backend with a value of the `Authorization` header, and without a certificate. */
export function callBackend(path: string, authorization: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', authorization);
  return fetch(`${stackUrls().backend}${path}`, { ...init, headers });
}

/** Calls the backend with an access token and the certificate of the frontend. */
export function callBackendAsFrontend(path: string, token: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  const { mtlsUrls } = stackCertificates();
  return fetchAs(stackCertificates(), 'frontend')(`${mtlsUrls.backend}${path}`, { ...init, headers });
}
