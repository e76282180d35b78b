import { invalidRequest, securityProfile } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Checks that the request was pushed, if the client must push its requests (RFC 9126 §5, §6, FAPI 2.0 §5.3.2.2).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkPushedRequest({ client, isPushed = false }: Pick<CheckContext, 'client' | 'isPushed'>): void {
  const { pushedRequest } = securityProfile(client.securityProfile);
  if (isPushed || (pushedRequest === 'optional' && !client.requirePushedAuthorizationRequests)) return;
  throw invalidRequest('the authorization request must be pushed (RFC 9126)');
}
