import { invalidScope, isOpenIdScope, parseScope } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import type { RequestedAccess } from './check-context.js';

/**
 * Checks that users can grant every requested scope and that the client is registered for it. A request without scopes
 * is refused, because a default would give it more than it asked for (RFC 6749 §3.3).
 *
 * @throws OAuthError `invalid_scope`
 */
export function checkScope({
  parameters,
  client,
  resourceServers,
}: Pick<RequestedAccess, 'parameters' | 'client' | 'resourceServers'>): Pick<AuthorizationRequest, 'scopes'> {
  const scopes = parseScope(parameters.get('scope'));
  if (scopes.length === 0) throw invalidScope('scope is missing');
  for (const scope of scopes) {
    const isGrantable = isOpenIdScope(scope) || resourceServers.some((server) => isGrantableAt(server, scope));
    if (!isGrantable || !client.scopes.includes(scope)) {
      throw invalidScope(`scope is unknown or not open to this client: ${scope}`);
    }
  }
  return { scopes };
}

function isGrantableAt({ scopes }: RequestedAccess['resourceServers'][number], scope: string): boolean {
  return scopes.some(({ name, grantedTo }) => name === scope && grantedTo !== 'machines');
}
