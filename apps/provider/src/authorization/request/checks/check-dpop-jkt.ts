import { invalidRequest, isThumbprint } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { CheckContext } from './check-context.js';

/**
 * Checks the thumbprint of the key to which the code will be bound: a SHA-256, base64url (RFC 9449 §10).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkDpopJkt({ parameters }: Pick<CheckContext, 'parameters'>): Pick<AuthorizationRequest, 'dpopJkt'> {
  const dpopJkt = parameters.get('dpop_jkt');
  if (dpopJkt === undefined) return {};
  if (!isThumbprint(dpopJkt)) throw invalidRequest('dpop_jkt is not the base64url of a SHA-256 thumbprint');
  return { dpopJkt };
}
