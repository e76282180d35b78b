import { codeChallengeOf } from '@trefoil/oauth-protocol';
import type { JWTPayload } from 'jose';
import { CODE_VERIFIER } from './authorization-url.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { signAs, type TestClient } from './test-clients.js';
import { post, type ProtocolAnswer } from './token-requests.js';

/** Parameters of an authorization request of a test client that is in order. */
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
 * Pushes an authorization request that is in order, but for what the test is about (RFC 9126).
 *
 * @param changes parameters to set instead; undefined leaves one out.
 */
export async function push(
  provider: ProviderUnderTest,
  client: TestClient,
  changes: Record<string, string | undefined> = {},
): Promise<ProtocolAnswer> {
  const parameters = { ...(await client.credentials()), ...requestParameters(client), ...changes };
  return post(provider, '/par', defined(parameters), client.authorization);
}

/** A request object of a test client that is in order, but for what the test is about (RFC 9101). */
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

/** The address to which a client sends a browser with these parameters. */
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
