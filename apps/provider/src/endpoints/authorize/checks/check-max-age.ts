import { invalidRequest } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../../model/pending-authorizations/authorization-request.js';
import type { CheckContext } from './check-context.js';

/**
 * The sign-in may be so many seconds old: a whole number, zero included (OpenID Connect Core §3.1.2.1).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkMaxAge({ parameters }: Pick<CheckContext, 'parameters'>): Pick<AuthorizationRequest, 'maxAge'> {
  const maxAge = parameters.get('max_age');
  if (maxAge === undefined) return {};
  if (!/^\d{1,10}$/.test(maxAge)) throw invalidRequest('max_age must be a whole number of seconds');
  return { maxAge: Number(maxAge) };
}
