import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/**
 * Returns whether a client may become the actor of a token, as far as the token itself limits this by `may_act` (RFC
 * 8693 §4.4).
 *
 * The provider issues no token with `may_act`: the registration of a client says for which resource servers it may
 * exchange tokens. An installation that adds the claim to its tokens can rely on this check to narrow the registration.
 */
export function mayAct(clientId: string, { may_act, iss }: Pick<AccessTokenClaims, 'may_act' | 'iss'>): boolean {
  if (may_act === undefined) return true;
  // A claim that is not an object names nobody.
  return may_act?.sub === clientId && (may_act.iss ?? iss) === iss;
}
