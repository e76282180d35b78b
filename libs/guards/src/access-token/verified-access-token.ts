import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { SubjectKind } from './subject-kind.js';

/** An access token whose signature, claims and revocation were checked. */
export interface VerifiedAccessToken {
  /** The token exactly as the request carried it, for a token exchange (RFC 8693 §2.1). Must never be logged. */
  readonly token: string;
  readonly claims: AccessTokenClaims;
  readonly scopes: ReadonlySet<string>;
  /** The roles of the user or the machine, where the provider issues them (RFC 9068 §2.2.3.1). */
  readonly roles: ReadonlySet<string>;
  /** Whether the token belongs to a user or to a machine; undefined when it is neither. */
  readonly subject: SubjectKind | undefined;
}

/**
 * Reports that an access token is refused (`invalid_token`, RFC 6750 §3.1). The message names the check that failed and is
 * sent to the caller.
 */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}
