import { invalidRequest } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { CheckContext } from './check-context.js';

/**
 * The sign-in may be so many seconds old: a whole number, zero included (OpenID Connect Core §3.1.2.1). A request that
 * does not say is one for the client's `default_max_age` (OpenID Connect Registration §2).
 *
 * @throws OAuthError `invalid_request`
 */
export function checkMaxAge({
  parameters,
  client,
}: Pick<CheckContext, 'parameters' | 'client'>): Pick<AuthorizationRequest, 'maxAge'> {
  const maxAge = parameters.get('max_age');
  if (maxAge === undefined) return client.defaultMaxAge === null ? {} : { maxAge: client.defaultMaxAge };
  if (!/^\d{1,10}$/.test(maxAge)) throw invalidRequest('max_age must be a whole number of seconds');
  return { maxAge: Number(maxAge) };
}
