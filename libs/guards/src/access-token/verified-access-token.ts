import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/** An access token whose signature and claims were checked. */
export interface VerifiedAccessToken {
  /** The token as it came, for a token exchange (RFC 8693 §2.1). Never to be logged. */
  readonly token: string;
  readonly claims: AccessTokenClaims;
  readonly scopes: ReadonlySet<string>;
}

/** Calls a listener once when the token is revoked, with the answer to its bearer; the function that it returns ends that. */
type Watch = (listener: (refusal: unknown) => void) => () => void;

const admitted = new WeakMap<object, { token: VerifiedAccessToken; watch: Watch }>();

/** Notes the token that a request was let in with, and how to learn that it is revoked. */
export function rememberAccessToken(request: object, token: VerifiedAccessToken, watch: Watch): void {
  admitted.set(request, { token, watch });
}

/** The token that a request was let in with; undefined on public routes. */
export const accessTokenOf = (request: object): VerifiedAccessToken | undefined => admitted.get(request)?.token;

/** How to learn that the token of a request is revoked; undefined on public routes. */
export const watchOf = (request: object): Watch | undefined => admitted.get(request)?.watch;
