import { isGrantedByUsers } from '@trefoil/dto';
import { invalidScope, isOpenIdScope, parseScope } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { RequestedAccess } from './check-context.js';

/**
 * Checks that users can grant the requested scopes and that the client is registered for them. Ignores unknown scopes
 * among known ones (OpenID Connect Core §3.1.2.1); the token response contains the granted `scope` (RFC 6749 §3.3). A
 * request without a known scope is refused, because a default would give it more than it asked for.
 *
 * @throws OAuthError `invalid_scope`
 */
export function checkScope({
  parameters,
  client,
  resourceServers,
}: Pick<RequestedAccess, 'parameters' | 'client' | 'resourceServers'>): Pick<AuthorizationRequest, 'scopes'> {
  const requested = parseScope(parameters.get('scope'));
  if (requested.length === 0) throw invalidScope('scope is missing');
  const scopes = requested.filter(
    (scope) => isOpenIdScope(scope) || resourceServers.some((server) => has(server, scope)),
  );
  if (scopes.length === 0) throw invalidScope('every requested scope is unknown');
  for (const scope of scopes) {
    const isGrantable = isOpenIdScope(scope) || resourceServers.some((server) => isGrantableAt(server, scope));
    if (!isGrantable || !client.scopes.includes(scope))
      throw invalidScope(`scope is not open to this client: ${scope}`);
  }
  return { scopes };
}

function has({ scopes }: RequestedAccess['resourceServers'][number], scope: string): boolean {
  return scopes.some(({ name }) => name === scope);
}

function isGrantableAt({ scopes }: RequestedAccess['resourceServers'][number], scope: string): boolean {
  return scopes.some((each) => each.name === scope && isGrantedByUsers(each));
}
