import { Browser, demoUsers, type Page } from '@trefoil/testing';
import { authorizationUrl, CODE_VERIFIER } from './authorization-url.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import type { TestClient } from './test-clients.js';
import { post, type ProtocolAnswer } from './token-requests.js';

type Changes = Parameters<typeof authorizationUrl>[1];

/** Options of a sign-in at a client. */
export interface SignInOptions {
  /** The parameters of the authorization request to replace or add. */
  readonly changes?: Changes;
  readonly who?: keyof typeof demoUsers;
  /** The browser, which must stop at the redirect URI of the client. The default is a new one. */
  readonly browser?: Browser;
}

/** Returns a browser that stops at the redirect URI of a client. */
export const browserOf = ({ redirectUri }: Pick<TestClient, 'redirectUri'>): Browser =>
  new Browser({ stopAt: redirectUri });

/** Opens an authorization request of a client, with the scope `openid` by default. */
export function ask(provider: ProviderUnderTest, client: TestClient, browser: Browser, changes: Changes = {}) {
  const { clientId: client_id, redirectUri: redirect_uri } = client;
  return browser.open(authorizationUrl(provider.url, { client_id, redirect_uri, scope: 'openid', ...changes }));
}

/** Signs in and gives consent on the pages of the provider, as far as they appear, until the response to the client. */
export async function answerAll(page: Page, who: keyof typeof demoUsers = 'alice'): Promise<Page> {
  if (page.has('#login')) return answerAll(await page.submit('#login', demoUsers[who]), who);
  return page.has('#allow') ? page.submit('#allow') : page;
}

/** Returns the parameters of the response to a client. */
export function answerIn(page: Page): Record<string, string> {
  if (!page.location) throw new Error(`no redirect to the client but ${page.status}: ${page.text}`);
  return Object.fromEntries(page.location.searchParams);
}

/** Redeems an authorization code. */
export async function redeem(provider: ProviderUnderTest, client: TestClient, code: string) {
  const parameters = { grant_type: 'authorization_code', code, code_verifier: CODE_VERIFIER };
  const { redirectUri: redirect_uri, authorization } = client;
  const credentials = authorization === undefined ? await client.credentials() : {};
  return post(provider, '/token', { ...parameters, redirect_uri, ...credentials }, authorization);
}

/** Signs a user in at a client. Returns the token response. */
export async function signInAt(
  provider: ProviderUnderTest,
  client: TestClient,
  { changes, who, browser = browserOf(client) }: SignInOptions = {},
): Promise<ProtocolAnswer['body']> {
  const page = await answerAll(await ask(provider, client, browser, changes), who);
  const { body } = await redeem(provider, client, answerIn(page).code ?? '');
  return body;
}
