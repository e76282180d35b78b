import { invalidGrant, type Parameters, verifierMatches } from '@trefoil/oauth-protocol';
import type { Grant } from '../grants/grant.entity.js';

/**
 * Checks the PKCE code verifier of a token request against the code challenge of the authorization request (RFC 7636
 * §4.6). A verifier without an earlier challenge is refused too, because it shows that somebody removed the challenge
 * from the authorization request (RFC 9700 §4.8.2).
 *
 * @throws OAuthError `invalid_grant`
 */
export function checkCodeVerifier({ codeChallenge }: Pick<Grant, 'codeChallenge'>, parameters: Parameters): void {
  const verifier = parameters.get('code_verifier');
  if (codeChallenge === null) {
    if (verifier !== undefined) {
      throw invalidGrant('code_verifier was sent, but the authorization request had no code_challenge');
    }
    return;
  }
  if (verifier === undefined) throw invalidGrant('code_verifier is missing');
  if (!verifierMatches(verifier, codeChallenge)) {
    throw invalidGrant('code_verifier does not match the code_challenge of the authorization request');
  }
}
