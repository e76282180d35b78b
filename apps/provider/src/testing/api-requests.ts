import { Clients } from '../clients/clients.js';
import type { GrantContent } from '../grants/grant-content.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { FRONTEND, givenGrant, type GivenGrant, post } from './token-requests.js';

/** A response with its whole body. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; an empty object if there was no body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- matchers look into it, and they take anything
  readonly body: any;
}

/** Sends a request to the provider, with an access token if one is given. */
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

/** The tokens of a grant. */
export interface GivenTokens extends GivenGrant {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Creates a grant and redeems its code; by default a grant of alice to the frontend for the account API. */
export async function givenAccountTokens(
  provider: ProviderUnderTest,
  scopes: string[] = ['openid', 'account:read', 'account:write'],
  overrides: Partial<GrantContent> = {},
): Promise<GivenTokens> {
  const given = await givenGrant(provider, { scopes, resources: [`${provider.url}/api`], ...overrides });
  const { body } = await post(provider, '/token', given.redemption, FRONTEND);
  return { ...given, accessToken: body.access_token, refreshToken: body.refresh_token };
}

/** The user id of the demo's administrator. */
export const ADMINISTRATOR = 'ad000000-0000-4000-8000-000000000003';

/**
 * Returns an access token of the demo's administrator, by default one that may read security events. No client of the demo is
 * registered for that scope, so the frontend is.
 */
export async function givenAdministratorToken(
  provider: ProviderUnderTest,
  overrides: Partial<GrantContent> = {},
): Promise<string> {
  const scopes = ['openid', 'account:read', 'events:read'];
  await provider.dataSource.query(
    `UPDATE clients SET scopes = array_append(scopes, 'events:read')
     WHERE client_id = 'frontend' AND NOT 'events:read' = ANY (scopes)`,
  );
  provider.app.get(Clients).forget('frontend');
  return (await givenAccountTokens(provider, scopes, { userId: ADMINISTRATOR, ...overrides })).accessToken;
}

/** Returns an access token for the directory, issued to a client with the client credentials grant. */
export async function givenDirectoryToken(provider: ProviderUnderTest, authorization: string): Promise<string> {
  const { body } = await post(
    provider,
    '/token',
    { grant_type: 'client_credentials', scope: 'directory:read' },
    authorization,
  );
  return body.access_token;
}
