import { invalidRequest } from '@trefoil/oauth-protocol';
import type { CheckContext } from './check-context.js';

/**
 * Checks that the request is a signed request object, if the client must sign its requests, whether it pushes them or
 * not (RFC 9101 §10.5, FAPI 2.0 Message Signing §5.3.1).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkSignedRequest({ client, isSigned = false }: Pick<CheckContext, 'client' | 'isSigned'>): void {
  if (isSigned || !client.requireSignedRequestObject) return;
  throw invalidRequest('the authorization request must be a signed request object (RFC 9101)');
}
