import { RelyingParty, type Tokens } from '@trefoil/testing';
import type { MeasuredProcesses } from '../load/load.js';

/** A registered client with a secret. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An authorization server to measure: Trefoil, or the peer. */
export interface AuthorizationServer {
  readonly name: string;
  readonly url: string;
  readonly processes: MeasuredProcesses;
  /** The client of a web server, with authorization codes and refresh tokens. */
  readonly web: RegisteredClient & { readonly redirectUri: string; readonly scope: string };
  /** A client that acts for itself. */
  readonly machine: RegisteredClient & { readonly scope: string };
  /** The client that may introspect tokens. */
  readonly introspecting: RegisteredClient;
  readonly paths: { readonly authorize: string; readonly token: string; readonly introspect: string };
}

/** A browser with a session at an authorization server, in which the user has consented. */
export interface SignedInBrowser {
  readonly cookie: string;
  /** The tokens of each grant. */
  readonly tokens: readonly [Tokens, ...Tokens[]];
}

/** Signs a user in, consents, and gets a number of grants in the same session. */
export async function signIn({ url, web }: AuthorizationServer, grants = 1): Promise<SignedInBrowser> {
  const party = await RelyingParty.discover({ issuer: url, ...web });
  const browser = party.newBrowser();
  const user = { username: 'alice@example.com', password: 'alice-demo-password', browser, scope: web.scope };
  const tokens: [Tokens, ...Tokens[]] = [await party.signIn(user)];
  while (tokens.length < grants) tokens.push(await party.signIn(user));
  const cookies = await browser.cookies.getCookies(url);
  return { cookie: cookies.map(({ key, value }) => `${key}=${value}`).join('; '), tokens };
}

/** Returns the value of the header `Authorization` with which a client authenticates (RFC 6749 §2.3.1). */
export const basic = ({ clientId, clientSecret }: RegisteredClient): string =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;

/** Returns the headers of a form that a client sends. */
export const formHeaders = (client: RegisteredClient): Record<string, string> => ({
  authorization: basic(client),
  'content-type': 'application/x-www-form-urlencoded',
});
