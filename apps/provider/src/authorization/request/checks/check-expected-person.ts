import { invalidRequest, loginRequired } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import { valuesOf } from './check-claims.js';
import type { CheckContext } from './check-context.js';

/**
 * The person who is to sign in, where the request knows them: by an ID token that was issued to this client before, or
 * by the value of the claim `sub` (OpenID Connect Core §3.1.2.1, §5.5.1). An ID token that has expired still tells who
 * that is.
 *
 * @throws OAuthError `invalid_request`, `login_required` when nobody can be all of these.
 */
export function checkExpectedPerson(
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
  if (subjects.length === 0) throw loginRequired('the request is for two different people');
  return { subjects };
}
