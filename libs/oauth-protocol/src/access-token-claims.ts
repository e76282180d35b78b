import type { Confirmation } from './confirmation.js';
import type { Actor, EligibleActor } from './token-exchange.js';

/** The claims that identify a token for revocation, besides its session and its grant. */
export interface TokenOrigin {
  jti: string;
  client_id: string;
  /** How many times all tokens of the client had been revoked when this token was issued; 0 when absent. */
  client_generation?: number;
}

/** The claims of an access token (RFC 9068 §2.2). */
export interface AccessTokenClaims extends TokenOrigin {
  iss: string;
  /** The only resource server that accepts the token. */
  aud: string;
  /** The user, or the client itself when no user is involved. */
  sub: string;
  /**
   * Present when `sub` is the identifier by which only this client knows the user (OpenID Connect Core §8). The resource
   * server learns the public `sub` by introspection (RFC 7662 §2.2).
   */
  subject_type?: 'pairwise';
  scope: string;
  /** In seconds since 1970. */
  iat: number;
  /** In seconds since 1970. */
  exp: number;
  /**
   * The sign-in session of the user. The token ends with this session. Absent when the token outlives the session, as
   * with offline access (OpenID Connect Core §11).
   */
  sid?: string;
  /** The grant of the user under which the token was issued. */
  grant_id?: string;
  auth_time?: number;
  acr?: string;
  act?: Actor;
  /** Absent when only the resource server in `aud` may exchange the token. */
  may_act?: EligibleActor;
  /** The tokens that were exchanged for this one, the most recent first. Revoking one of them also ends this token. */
  origins?: readonly TokenOrigin[];
  /** Absent from bearer tokens. */
  cnf?: Confirmation;
}

/** Returns a token and the tokens that were exchanged for it. The token ends when any of them is revoked. */
export const lineageOf = (claims: TokenOrigin & Pick<AccessTokenClaims, 'origins'>): readonly TokenOrigin[] => [
  claims,
  ...(claims.origins ?? []),
];
