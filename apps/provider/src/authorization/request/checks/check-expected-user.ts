import { invalidRequest, loginRequired } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import { valuesOf } from './check-claims.js';
import type { CheckContext } from './check-context.js';

/**
 * Returns the users whom a request expects: the subject of `id_token_hint`, which must be an ID token that was issued
 * to this client and may have expired, and the requested values of the claim `sub` (OpenID Connect Core §3.1.2.1,
 * §5.5.1).
 *
 * @throws OAuthError `invalid_request`; `login_required` when no user meets both.
 */
export function checkExpectedUser(
  { parameters, client, idTokenHint }: Pick<CheckContext, 'parameters' | 'client' | 'idTokenHint'>,
  { claims }: Pick<AuthorizationRequest, 'claims'>,
): Pick<AuthorizationRequest, 'subjects'> {
  if (parameters.has('id_token_hint') && !idTokenHint?.clientIds.includes(client.clientId)) {
    throw invalidRequest('id_token_hint is not an ID token that was issued here to this client');
  }
  const demands = [
    ...(idTokenHint ? [[idTokenHint.sub]] : []),
    ...[claims?.id_token?.sub, claims?.userinfo?.sub].flatMap((sub) => (sub ? [valuesOf(sub)] : [])),
  ].filter((values) => values.length > 0);
  const [first, ...others] = demands;
  if (!first) return {};
  const subjects = first.map(String).filter((sub) => others.every((values) => values.includes(sub)));
  if (subjects.length === 0) throw loginRequired('id_token_hint and claims name different users');
  return { subjects };
}
