/** Who acts for the subject, outermost last actor first (RFC 8693 §4.1). */
export interface Actor {
  sub: string;
  act?: Actor;
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
}
