/** Who acts for the subject, outermost last actor first (RFC 8693 §4.1). */
export interface Actor {
  sub: string;
  act?: Actor;
}

/** Who may become the actor of a token, and nobody else (RFC 8693 §4.4). */
export interface EligibleActor {
  sub: string;
  /** Who knows the subject by that name; the issuer of the token when absent. */
  iss?: string;
}

/** The key that whoever presents a token must prove to hold (RFC 7800 §3.1). */
export interface Confirmation {
  /** The thumbprint of a DPoP key: SHA-256, base64url (RFC 9449 §6.1). */
  jkt?: string;
}

/** What a token can be revoked by, besides its session and its grant: itself, and the generation of its client. */
export interface TokenOrigin {
  jti: string;
  client_id: string;
  /** How often all tokens of the client had been revoked when it was issued; 0 when absent. */
  client_generation?: number;
}

/** The claims of an access token (RFC 9068 §2.2). */
export interface AccessTokenClaims extends TokenOrigin {
  iss: string;
  /** The one resource server the token is for. */
  aud: string;
  /** The user, or the client itself when no user is involved. */
  sub: string;
  scope: string;
  /** Seconds since 1970. */
  iat: number;
  /** Seconds since 1970. */
  exp: number;
  /** The sign-in session that the token ends with; absent when it outlives it (OpenID Connect Core §11). */
  sid?: string;
  /** The grant the token was issued under, when a user gave one. */
  grant_id?: string;
  auth_time?: number;
  acr?: string;
  act?: Actor;
  /** Absent from a token that only the resource server it is for may exchange. */
  may_act?: EligibleActor;
  /** The tokens that it was exchanged for, the nearest first; it ends with each of them. */
  origins?: readonly TokenOrigin[];
  /** Absent from a token that whoever holds it may use. */
  cnf?: Confirmation;
}

/** How an access token is presented, by its name on the wire (RFC 6750 §2.1, RFC 9449 §7.1). */
export type AccessTokenType = 'Bearer' | 'DPoP';

/** The `token_type` of an access token: what it is bound to decides (RFC 9449 §5). */
export const accessTokenTypeOf = ({ cnf }: Pick<AccessTokenClaims, 'cnf'>): AccessTokenType =>
  cnf?.jkt === undefined ? 'Bearer' : 'DPoP';

/** A token and the tokens that it came from: what ends one of them ends it. */
export const lineageOf = (claims: TokenOrigin & Pick<AccessTokenClaims, 'origins'>): readonly TokenOrigin[] => [
  claims,
  ...(claims.origins ?? []),
];
