/** Who acts for the subject, outermost last actor first (RFC 8693 §4.1). */
export interface Actor {
  sub: string;
  act?: Actor;
}

/** The key that whoever presents a token must prove to hold (RFC 7800 §3.1). */
export interface Confirmation {
  /** The thumbprint of a DPoP key: SHA-256, base64url (RFC 9449 §6.1). */
  jkt?: string;
}

/** The claims of an access token (RFC 9068 §2.2). */
export interface AccessTokenClaims {
  iss: string;
  /** The one resource server the token is for. */
  aud: string;
  /** The user, or the client itself when no user is involved. */
  sub: string;
  client_id: string;
  scope: string;
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  /** Seconds since 1970. */
  exp: number;
  /** The sign-in session the token lives in, when a user signed in. */
  sid?: string;
  /** The grant the token was issued under, when a user gave one. */
  grant_id?: string;
  auth_time?: number;
  acr?: string;
  act?: Actor;
  /** Absent from a token that whoever holds it may use. */
  cnf?: Confirmation;
}

/** How an access token is presented, by its name on the wire (RFC 6750 §2.1, RFC 9449 §7.1). */
export type AccessTokenType = 'Bearer' | 'DPoP';

/** The `token_type` of an access token: what it is bound to decides (RFC 9449 §5). */
export const accessTokenTypeOf = ({ cnf }: Pick<AccessTokenClaims, 'cnf'>): AccessTokenType =>
  cnf?.jkt === undefined ? 'Bearer' : 'DPoP';
