import { codeChallengeOf } from '@trefoil/oauth-protocol';
import { DEMO } from './demo.js';

/** The PKCE verifier of {@link authorizationUrl}. */
export const CODE_VERIFIER = 'a-verifier-of-forty-three-characters-or-more';

/** The redirect URI of the demo frontend. No server listens there in tests. */
export const CALLBACK = `${DEMO.frontend}/callback`;

const DEFAULTS = {
  client_id: 'frontend',
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: 'openid email contacts:read',
  state: 'the-state',
  nonce: 'the-nonce',
  code_challenge: codeChallengeOf(CODE_VERIFIER),
  code_challenge_method: 'S256',
};

/**
 * Returns the URL of an authorization request of the demo frontend, valid except for the changes of the test.
 *
 * @param changes the parameters to replace; undefined removes one, an array repeats it.
 */
export function authorizationUrl(issuer: string, changes: Record<string, string | string[] | undefined> = {}): URL {
  const url = new URL(`${issuer}/authorize`);
  for (const [name, value] of Object.entries({ ...DEFAULTS, ...changes })) {
    for (const each of [value ?? []].flat()) url.searchParams.append(name, each);
  }
  return url;
}
