import { invalidScope, isOpenIdScope, type Parameters, parseScope } from '@trefoil/oauth-protocol';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';

/**
 * The scopes asked for, none of which may go beyond what is allowed; all that is allowed when none is asked
 * (RFC 6749 §3.3, §6).
 *
 * @throws OAuthError `invalid_scope`
 */
export function selectScopes(parameters: Parameters, allowed: readonly string[]): string[] {
  const requested = parseScope(parameters.get('scope'));
  const beyond = requested.find((scope) => !allowed.includes(scope));
  if (beyond !== undefined) throw invalidScope(`scope is not allowed here: ${beyond}`);
  return requested.length > 0 ? requested : [...allowed];
}

/**
 * Those of some scopes that mean something to a resource server: its own, and for the provider's own API also those of
 * OpenID Connect, because userinfo belongs to it.
 */
export function scopesAt(server: ResourceServer, scopes: readonly string[], providerApi: string): string[] {
  return scopes.filter(
    (scope) =>
      server.scopes.some(({ name }) => name === scope) || (server.identifier === providerApi && isOpenIdScope(scope)),
  );
}
