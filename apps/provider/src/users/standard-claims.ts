import type { Account } from '@trefoil/dto';
import { CLAIMS_OF_SCOPE, isOpenIdScope } from '@trefoil/oauth-protocol';
import type { User } from './user.entity.js';

/** Returns every standard claim that is known about a user, each with its JSON type (OpenID Connect Core §5.1). */
export function claimsOf(user: User): Account {
  const { id, email, emailVerified, updatedAt, claims } = user;
  return {
    ...claims,
    sub: id,
    email,
    email_verified: emailVerified,
    updated_at: Math.floor(updatedAt.getTime() / 1000),
  };
}

/**
 * Returns `sub` and the claims of a user that are requested by scope or by name (OpenID Connect Core §5.3.2, §5.4, §5.5).
 *
 * @param names claims requested one by one, with the `claims` parameter.
 */
export function claimsOfScopes(
  user: User,
  scopes: Iterable<string>,
  names: Iterable<string> = [],
): Partial<Account> & Pick<Account, 'sub'> {
  const ofScopes = [...scopes].flatMap((scope): readonly string[] =>
    isOpenIdScope(scope) ? CLAIMS_OF_SCOPE[scope] : [],
  );
  const asked = new Set([...ofScopes, ...names]);
  const { sub, ...claims } = claimsOf(user);
  return { sub, ...Object.fromEntries(Object.entries(claims).filter(([name]) => asked.has(name))) };
}
