import { demoClients, demoUsers, RelyingParty, stackUrls } from '@trefoil/testing';

/** The demo frontend, played by openid-client in place of the real one. */
export const frontendClient = (): Promise<RelyingParty> =>
  RelyingParty.discover({
    issuer: stackUrls().provider,
    ...demoClients.frontend,
    redirectUri: `${stackUrls().frontend}/callback`,
  });

/** A native app on the person's own computer: a public client with a port of its own (RFC 8252 §7.3). */
export const cliClient = (): Promise<RelyingParty> =>
  RelyingParty.discover({
    issuer: stackUrls().provider,
    clientId: 'demo-cli',
    redirectUri: 'http://127.0.0.1:49152/callback',
  });

/** What the demo frontend asks for. */
export const FRONTEND_SCOPE = 'openid profile email account:read contacts:read contacts:write';

/** Alice, as she signs in at the demo frontend. */
export const aliceAtFrontend = () => ({
  ...demoUsers.alice,
  scope: FRONTEND_SCOPE,
  parameters: { resource: stackUrls().backend },
});

/** Calls the backend with a token, or with whatever else stands in the header. */
export function callBackend(path: string, authorization: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', authorization);
  return fetch(`${stackUrls().backend}${path}`, { ...init, headers });
}
