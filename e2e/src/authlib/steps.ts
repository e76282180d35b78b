import { Browser, demoClients, demoUsers, stackUrls } from '@trefoil/testing';
import { answerPages } from '../answer-pages.js';
import { FRONTEND_SCOPE } from '../clients.js';
import type { AuthlibClient } from './authlib-client.js';

export const REGISTERED_CALLBACK = 'http://127.0.0.1:50005/callback';
const INITIAL_ACCESS_TOKEN = 'demo-initial-access-token';

export const provider = () => stackUrls().provider;
export const backend = () => stackUrls().backend;
export const account = () => `${provider()}/api/account`;
export const contacts = () => `${backend()}/v1/contacts`;

/** Goes to the provider as alice, and comes back with the address that the provider sends back to. */
export async function authorize(url: string, stopAt: string): Promise<string> {
  const page = await answerPages(await new Browser({ stopAt }).open(url), demoUsers.alice);
  if (!page.location) throw new Error(`The provider did not send back to ${stopAt}. It shows: ${page.text}`);
  return page.location.href;
}

/** The demo frontend, played by Authlib in place of the real one. */
export async function asFrontend(client: AuthlibClient, options: object = {}) {
  await client.call('discover', { issuer: provider() });
  const { clientId, clientSecret } = demoClients.frontend;
  const redirect_uri = `${stackUrls().frontend}/callback`;
  await client.call('open', { client_id: clientId, client_secret: clientSecret, redirect_uri, ...options });
  return {
    signIn: async () => {
      const url = await client.call('authorization_url', { scope: FRONTEND_SCOPE, resource: backend() });
      return client.call('redeem', { callback: await authorize(url, redirect_uri) });
    },
  };
}

/** A resource server that acts for the people it serves. */
export async function asBackend(client: AuthlibClient): Promise<void> {
  await client.call('discover', { issuer: provider() });
  await client.call('open', { client_id: 'backend', client_secret: demoClients.backend.clientSecret });
}

/** Registers a client, with a key that Authlib makes where one is wanted. */
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
