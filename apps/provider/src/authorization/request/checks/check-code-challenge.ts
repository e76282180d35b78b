import { invalidRequest, isCodeChallenge, SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { CheckContext, RequestingClient } from './check-context.js';

/**
 * Checks the PKCE code challenge. The security profile of the client decides whether one is required; the method must
 * be S256. `plain`, which a missing method means, is always refused (RFC 7636 §4.2, §4.3, OAuth 2.1 §7.5.2).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkCodeChallenge({
  parameters,
  client,
}: Pick<CheckContext, 'parameters' | 'client'>): Pick<AuthorizationRequest, 'codeChallenge'> {
  const codeChallenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (codeChallenge === undefined) {
    if (method !== undefined) throw invalidRequest('code_challenge is missing, but code_challenge_method was sent');
    if (needsPkce(client)) throw invalidRequest('code_challenge is missing: PKCE is required');
    return {};
  }
  if (method !== 'S256') throw invalidRequest('code_challenge_method must be S256');
  if (!isCodeChallenge(codeChallenge)) throw invalidRequest('code_challenge is not the base64url of a SHA-256');
  return { codeChallenge };
}

function needsPkce({ securityProfile, tokenEndpointAuthMethod }: RequestingClient): boolean {
  return SECURITY_PROFILES[securityProfile].pkce === 'required' || tokenEndpointAuthMethod === 'none';
}
