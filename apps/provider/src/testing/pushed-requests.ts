import { codeChallengeOf } from '@trefoil/oauth-protocol';
import type { JWTPayload } from 'jose';
import { CODE_VERIFIER } from './authorization-url.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { signAs, type TestClient } from './test-clients.js';
import { post, type ProtocolAnswer } from './token-requests.js';

/** Returns the parameters of a valid authorization request of a test client. */
export const requestParameters = ({ redirectUri }: TestClient): Record<string, string> => ({
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: 'openid email',
  state: 'the-state',
  nonce: 'the-nonce',
  code_challenge: codeChallengeOf(CODE_VERIFIER),
  code_challenge_method: 'S256',
});

/**
 * Pushes an authorization request, valid except for the changes of the test (RFC 9126).
 *
 * @param changes the parameters to replace; undefined removes one.
 */
export async function push(
  provider: ProviderUnderTest,
  client: TestClient,
  changes: Record<string, string | undefined> = {},
): Promise<ProtocolAnswer> {
  const parameters = { ...(await client.credentials()), ...requestParameters(client), ...changes };
  return post(provider, '/par', defined(parameters), client.authorization);
}

/** Signs a request object of a test client, valid except for the changes of the test (RFC 9101). */
export function requestObject(
  provider: ProviderUnderTest,
  client: TestClient,
  changes: JWTPayload = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now, exp: now + 60 };
  const parties = { iss: client.clientId, aud: provider.url, client_id: client.clientId };
  return signAs(client.key, { ...requestParameters(client), ...parties, ...times, ...changes }, header);
}

/** Returns the URL of the authorization endpoint with parameters; undefined leaves one out. */
export function authorizeUrl({ url }: ProviderUnderTest, parameters: Record<string, string | undefined>): URL {
  const address = new URL(`${url}/authorize`);
  address.search = new URLSearchParams(defined(parameters)).toString();
  return address;
}

function defined(parameters: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter((each): each is [string, string] => each[1] !== undefined),
  );
}
