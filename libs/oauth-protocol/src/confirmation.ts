/** The `cnf` claim: the key that the sender of a token must prove to possess (RFC 7800 §3.1). */
export interface Confirmation {
  /** The SHA-256 thumbprint of a DPoP key, in base64url (RFC 9449 §6.1). */
  jkt?: string;
  /** The SHA-256 thumbprint of a client certificate, in base64url (RFC 8705 §3.1). */
  'x5t#S256'?: string;
}

/** The authentication schemes for access tokens, by their names on the wire (RFC 6750 §2.1, RFC 9449 §7.1). */
export type AccessTokenType = 'Bearer' | 'DPoP';

/** Returns the `token_type` of an access token: `DPoP` when the token is bound to a DPoP key (RFC 9449 §5). */
export const accessTokenTypeOf = ({ cnf }: { cnf?: Confirmation }): AccessTokenType =>
  cnf?.jkt === undefined ? 'Bearer' : 'DPoP';

const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/**
 * Returns whether a value has the form of a SHA-256 key thumbprint: 32 bytes in base64url (RFC 7638, RFC 9449 §6.1).
 */
export const isThumbprint = (value: string): boolean => THUMBPRINT.test(value);
