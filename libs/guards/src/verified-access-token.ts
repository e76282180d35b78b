import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/** An access token whose signature and claims were checked. */
export interface VerifiedAccessToken {
  /** The token as it came, for a token exchange (RFC 8693 §2.1). Never to be logged. */
  readonly token: string;
  readonly claims: AccessTokenClaims;
  readonly scopes: ReadonlySet<string>;
}

const tokens = new WeakMap<object, VerifiedAccessToken>();

/** Notes the token that a request was let in with. */
export function rememberAccessToken(request: object, token: VerifiedAccessToken): void {
  tokens.set(request, token);
}

/** The token that a request was let in with; undefined on public routes. */
export const accessTokenOf = (request: object): VerifiedAccessToken | undefined => tokens.get(request);
