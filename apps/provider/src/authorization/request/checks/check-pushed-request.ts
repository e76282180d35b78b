import { invalidRequest, securityProfile } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Whoever must push its requests may not send them through the browser (RFC 9126 §5, §6, FAPI 2.0 §5.3.2.2).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkPushedRequest({ client, isPushed = false }: Pick<CheckContext, 'client' | 'isPushed'>): void {
  const { pushedRequest } = securityProfile(client.securityProfile);
  if (isPushed || (pushedRequest === 'optional' && !client.requirePushedAuthorizationRequests)) return;
  throw invalidRequest('the authorization request must be pushed (RFC 9126)');
}
