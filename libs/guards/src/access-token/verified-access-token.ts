import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/** An access token whose signature, claims and revocation were checked. */
export interface VerifiedAccessToken {
  /** The token exactly as the request carried it, for a token exchange (RFC 8693 §2.1). Must never be logged. */
  readonly token: string;
  readonly claims: AccessTokenClaims;
  readonly scopes: ReadonlySet<string>;
}

/**
 * Reports that an access token is refused (`invalid_token`, RFC 6750 §3.1). The message names the check that failed and is
 * sent to the caller.
 */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}
