import { CLAIMS_OF_SCOPE, isOpenIdScope } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from './authorization-request.js';

/**
 * The prefix of a permission for a single claim. No scope can equal it, because a scope has no space (RFC 6749 §3.3).
 */
const CLAIM = 'claim ';

/** The claims about the user. The other claims are about the sign-in and need no permission. */
const USER_CLAIMS: ReadonlySet<string> = new Set(Object.values(CLAIMS_OF_SCOPE).flat());

/**
 * Returns the permissions that a request needs from the user: its scopes, and as `claim <name>` each requested claim
 * that the scopes do not include (OpenID Connect Core §5.5).
 */
export function permissionsOf({ scopes, claims }: Pick<AuthorizationRequest, 'scopes' | 'claims'>): string[] {
  const ofScopes = scopes.flatMap((scope): readonly string[] => (isOpenIdScope(scope) ? CLAIMS_OF_SCOPE[scope] : []));
  const covered = new Set(['sub', ...ofScopes]);
  const requested = new Set([claims?.userinfo, claims?.id_token].flatMap((member) => Object.keys(member ?? {})));
  const more = [...requested].filter((name) => USER_CLAIMS.has(name) && !covered.has(name));
  return [...scopes, ...more.map((name) => CLAIM + name)];
}

/** Returns the claim that a permission is for; undefined when it is for a scope. */
export const claimOfPermission = (permission: string): string | undefined =>
  permission.startsWith(CLAIM) ? permission.slice(CLAIM.length) : undefined;
