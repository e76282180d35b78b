import { invalidRequest } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { CheckContext } from './check-context.js';

/**
 * Checks `max_age`, the greatest allowed age of the sign-in in seconds: a whole number, zero included (OpenID Connect
 * Core §3.1.2.1). Without it, the `default_max_age` of the client applies (OpenID Connect Registration §2).
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
