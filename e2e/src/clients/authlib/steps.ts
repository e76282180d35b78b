import { Browser, signInAndConsent, stackCertificates, stackUrls, stackWebClient } from '@trefoil/testing';
import { FRONTEND_SCOPE } from '../demo-clients.js';
import type { AuthlibClient } from './authlib-client.js';

export const REGISTERED_CALLBACK = 'http://127.0.0.1:50005/callback';
const INITIAL_ACCESS_TOKEN = 'demo-initial-access-token';

export const provider = () => stackUrls().provider;
export const backend = () => stackUrls().backend;
/** The account API for clients with a certificate. */
export const mtlsAccount = () => `${stackCertificates().mtlsUrls.provider}/api/account`;
export const mtlsContacts = () => `${stackCertificates().mtlsUrls.backend}/v1/contacts`;
export const account = () => `${provider()}/api/account`;
export const contacts = () => `${backend()}/v1/contacts`;

/** Opens an authorization request, signs alice in, and returns the URL to which the provider redirects. */
export async function authorize(url: string, stopAt: string): Promise<string> {
  const page = await signInAndConsent(await new Browser({ stopAt }).open(url));
  if (!page.location) throw new Error(`The provider did not redirect to ${stopAt}. It shows: ${page.text}`);
  return page.location.href;
}

/** Makes Authlib a client that may do what the frontend may, and authenticates with a secret. */
export async function asWebClient(client: AuthlibClient, options: object = {}) {
  await client.call('discover', { issuer: provider() });
  const { clientId, clientSecret } = stackWebClient();
  const redirect_uri = `${stackUrls().frontend}/callback`;
  await client.call('open', { client_id: clientId, client_secret: clientSecret, redirect_uri, ...options });
  return {
    signIn: async () => {
      const url = await client.call('authorization_url', { scope: FRONTEND_SCOPE, resource: backend() });
      return client.call('redeem', { callback: await authorize(url, redirect_uri) });
    },
  };
}

/** Makes Authlib the demo client `backend`, which exchanges the tokens of its callers, with its certificate. */
export async function asBackend(client: AuthlibClient): Promise<void> {
  await client.call('discover', { issuer: provider() });
  const { pki } = stackCertificates();
  const { certificate, key } = pki?.services.backend?.client ?? {};
  await client.call('open', { client_id: 'backend', certificate: { certificate, key, root: pki?.root } });
}

/** Registers a client. `key` gives the type and the curve or size of the key that Authlib generates for it. */
export async function register(client: AuthlibClient, metadata: object, key?: [string, string | number]) {
  await client.call('discover', { issuer: provider() });
  return client.call('register', {
    initial_access_token: INITIAL_ACCESS_TOKEN,
    metadata: {
      redirect_uris: [REGISTERED_CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      ...metadata,
    },
    key,
  });
}
