import { accountScopes, type Scope, scopesOf } from '@trefoil/dto';
import { isOpenIdScope, isScopeToken } from '@trefoil/oauth-protocol';
import { refusedState, refusedValue } from '../http/refusal.js';
import type { ResourceServer } from './resource-server.entity.js';

/**
 * Checks the scopes of a resource server: each is a scope token (RFC 6749 §3.3), belongs to no other resource server and is
 * named once. A token request tells by its scopes which resource server it is for.
 *
 * @throws Refusal that names the scope, such as `scopes.0.name`.
 */
export function checkScopes(
  scopes: readonly Scope[],
  others: readonly Pick<ResourceServer, 'identifier' | 'scopes'>[],
): void {
  scopes.forEach(({ name }, index) => {
    const field = `scopes.${index}.name`;
    if (!isScopeToken(name)) {
      throw refusedValue(field, 'must be a scope token: printable ASCII without spaces, " and \\ (RFC 6749 §3.3)');
    }
    if (isOpenIdScope(name)) throw refusedValue(field, `must not be ${name}, which OpenID Connect defines`);
    if (scopes.findIndex((scope) => scope.name === name) !== index) throw refusedValue(field, `repeats ${name}`);
    const owner = others.find((server) => server.scopes.some((scope) => scope.name === name));
    if (owner) throw refusedState(`The scope ${name} belongs to the resource server ${owner.identifier}.`, field);
  });
}

/**
 * Checks that the account API keeps the scopes that its routes require, each for the same kinds of subjects.
 *
 * @throws Refusal
 */
export function checkAccountScopes(scopes: readonly Scope[]): void {
  for (const { name, grantedTo } of scopesOf(accountScopes)) {
    const kept = scopes.find((scope) => scope.name === name);
    if (!kept || kept.grantedTo.join() !== grantedTo.join()) {
      const kinds = grantedTo.join(' and ');
      throw refusedState(`The account API requires the scope ${name}, granted to ${kinds}.`, 'scopes');
    }
  }
}
