import { Browser, demoUsers, type Page } from '@trefoil/testing';
import { authorizationUrl, CODE_VERIFIER } from './authorization-url.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import type { TestClient } from './test-clients.js';
import { post, type ProtocolAnswer } from './token-requests.js';

type Changes = Parameters<typeof authorizationUrl>[1];

/** How somebody signs in at a client. */
export interface SignInOptions {
  /** Parameters of the authorization request beside those that are always there. */
  readonly changes?: Changes;
  readonly who?: keyof typeof demoUsers;
  /** A new one unless given; it must stop at the client's redirect URI. */
  readonly browser?: Browser;
}

/** A browser that stops where the provider hands over to a client. */
export const browserOf = ({ redirectUri }: Pick<TestClient, 'redirectUri'>): Browser =>
  new Browser({ stopAt: redirectUri });

/** Opens an authorization request of a client; scope `openid` unless the test says otherwise. */
export function ask(provider: ProviderUnderTest, client: TestClient, browser: Browser, changes: Changes = {}) {
  const { clientId: client_id, redirectUri: redirect_uri } = client;
  return browser.open(authorizationUrl(provider.url, { client_id, redirect_uri, scope: 'openid', ...changes }));
}

/** Goes on with whatever the provider asks, saying yes to all of it, until it hands over to the client. */
export async function answerAll(page: Page, who: keyof typeof demoUsers = 'alice'): Promise<Page> {
  if (page.has('#login')) return answerAll(await page.submit('#login', demoUsers[who]), who);
  return page.has('#allow') ? page.submit('#allow') : page;
}

/** The parameters in the query with which a client is answered. */
export function answerIn(page: Page): Record<string, string> {
  if (!page.location) throw new Error(`no redirect to the client but ${page.status}: ${page.text}`);
  return Object.fromEntries(page.location.searchParams);
}

/** Redeems a code. */
export async function redeem(provider: ProviderUnderTest, client: TestClient, code: string) {
  const parameters = { grant_type: 'authorization_code', code, code_verifier: CODE_VERIFIER };
  const { redirectUri: redirect_uri, authorization } = client;
  const credentials = authorization === undefined ? await client.credentials() : {};
  return post(provider, '/token', { ...parameters, redirect_uri, ...credentials }, authorization);
}

/** Signs somebody in at a client and returns the tokens. */
export async function signInAt(
  provider: ProviderUnderTest,
  client: TestClient,
  { changes, who, browser = browserOf(client) }: SignInOptions = {},
): Promise<ProtocolAnswer['body']> {
  const page = await answerAll(await ask(provider, client, browser, changes), who);
  const { body } = await redeem(provider, client, answerIn(page).code ?? '');
  return body;
}
