import type { GrantContent } from '../grants/grant-content.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { FRONTEND, givenGrant, type GivenGrant, post } from './token-requests.js';

/** An answer, read to its end. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What the JSON said; empty when there was no body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- matchers look into it, and they take anything
  readonly body: any;
}

/** Sends a request to the provider, with an access token when one is given. */
export async function request(
  { url }: ProviderUnderTest,
  path: string,
  { token, headers, ...init }: Omit<RequestInit, 'headers'> & { token?: string; headers?: Record<string, string> } = {},
): Promise<ApiAnswer> {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}${path}`, { ...init, headers: { ...authorization, ...headers } });
  const text = await answer.text();
  const body = JSON.parse(text || '{}') as unknown;
  return { status: answer.status, headers: answer.headers, body };
}

/** Tokens of alice and the grant they come from. */
export interface GivenTokens extends GivenGrant {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Alice's tokens for the account API, issued to the frontend; override what a test is about. */
export async function givenAccountTokens(
  provider: ProviderUnderTest,
  scopes: string[] = ['openid', 'account:read', 'account:write'],
  overrides: Partial<GrantContent> = {},
): Promise<GivenTokens> {
  const given = await givenGrant(provider, { scopes, resources: [`${provider.url}/api`], ...overrides });
  const { body } = await post(provider, '/token', given.redemption, FRONTEND);
  return { ...given, accessToken: body.access_token, refreshToken: body.refresh_token };
}

/** A machine's token for the directory, issued to the backend. */
export async function givenDirectoryToken(provider: ProviderUnderTest, authorization: string): Promise<string> {
  const { body } = await post(
    provider,
    '/token',
    { grant_type: 'client_credentials', scope: 'directory:read' },
    authorization,
  );
  return body.access_token;
}
