import { GRANT_TYPE, unauthorizedClient } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Checks that the client is registered for the authorization code grant (RFC 6749 §4.1.2.1).
 *
 * @throws OAuthError `unauthorized_client`
 */
export function checkGrantType({ client }: Pick<CheckContext, 'client'>): void {
  if (!client.grantTypes.includes(GRANT_TYPE.authorizationCode)) {
    throw unauthorizedClient('the client is not registered for the authorization code grant');
  }
}
