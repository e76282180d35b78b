import { isGrantedByUsers } from '@trefoil/dto';
import { invalidScope, isOpenIdScope, type Parameters, parseScope } from '@trefoil/oauth-protocol';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';

/**
 * Returns the scopes that a token request asks for, each of which must be allowed; all allowed scopes when the request
 * names none (RFC 6749 §3.3, §6).
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
 * Returns the scopes of users that belong to a resource server. A scope that only machines are granted now is left out, also
 * when a user was granted it before. The scopes of OpenID Connect belong to the provider's own API,
 * because the userinfo endpoint is part of it.
 *
 * @param providerApi the identifier of the provider's own API.
 */
export function scopesAt(server: ResourceServer, scopes: readonly string[], providerApi: string): string[] {
  return scopes.filter(
    (scope) =>
      server.scopes.some((each) => each.name === scope && isGrantedByUsers(each)) ||
      (server.identifier === providerApi && isOpenIdScope(scope)),
  );
}
