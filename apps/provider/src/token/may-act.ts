import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/**
 * Whether a client may become the actor of a token, where the token itself says who may (RFC 8693 §4.4).
 *
 * The provider puts `may_act` into no token of its own: who may exchange the tokens for a resource server, and for which
 * others, its registration says once for all of them. Whoever writes the claim in an installation of theirs, narrowing
 * that, can rely on it.
 */
export function mayAct(clientId: string, { may_act, iss }: Pick<AccessTokenClaims, 'may_act' | 'iss'>): boolean {
  if (may_act === undefined) return true;
  // A claim of another shape names nobody.
  return may_act?.sub === clientId && (may_act.iss ?? iss) === iss;
}
