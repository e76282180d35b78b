import { CLAIMS_OF_SCOPE, isOpenIdScope } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from './authorization-request.js';

/** What a claim is called among permissions. No scope has a space (RFC 6749 §3.3), so that none is called the same. */
const CLAIM = 'claim ';

/** The claims that are about the person; those about the sign-in need no permission. */
const PERSONAL: ReadonlySet<string> = new Set(Object.values(CLAIMS_OF_SCOPE).flat());

/**
 * What a person has to allow for a request: its scopes, and each claim that it asks for beyond those of the scopes
 * (OpenID Connect Core §5.5) as `claim <name>`.
 */
export function permissionsOf({ scopes, claims }: Pick<AuthorizationRequest, 'scopes' | 'claims'>): string[] {
  const ofScopes = scopes.flatMap((scope): readonly string[] => (isOpenIdScope(scope) ? CLAIMS_OF_SCOPE[scope] : []));
  const covered = new Set(['sub', ...ofScopes]);
  const asked = new Set([claims?.userinfo, claims?.id_token].flatMap((member) => Object.keys(member ?? {})));
  const beyond = [...asked].filter((name) => PERSONAL.has(name) && !covered.has(name));
  return [...scopes, ...beyond.map((name) => CLAIM + name)];
}

/** The claim that a permission is for; undefined when it is for a scope. */
export const claimOfPermission = (permission: string): string | undefined =>
  permission.startsWith(CLAIM) ? permission.slice(CLAIM.length) : undefined;
