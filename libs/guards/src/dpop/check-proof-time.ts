import type { ProofClaims } from './check-proof-claims.js';
import { InvalidProofError } from './invalid-proof-error.js';
import type { ProofNonces } from './proof-nonces.js';

/** Seconds for which a proof without a nonce is accepted after its `iat`. */
export const PROOF_LIFETIME_SECONDS = 120;
/** Seconds by which a client's clock may be ahead of ours. */
export const PROOF_CLOCK_TOLERANCE_SECONDS = 30;

/** The clock and the nonces of the server that checks a proof. */
export interface ProofClock {
  /** Seconds since 1970. */
  readonly now: number;
  /** Undefined at a server that issues no nonces. */
  readonly nonces: Pick<ProofNonces, 'expiryOf'> | undefined;
  readonly nonceRequired: boolean;
}

/**
 * Checks that a proof is recent, and returns when it expires, in seconds since 1970. A nonce of this server shows when the
 * proof was made, whatever the clock of the client says. Without a nonce, the `iat` of the client decides (RFC 9449 §4.3
 * item 11, §8).
 *
 * @throws InvalidProofError
 */
export function checkProofTime(
  { iat, nonce }: Pick<ProofClaims, 'iat' | 'nonce'>,
  { now, nonces, nonceRequired }: ProofClock,
): number {
  if (nonce === undefined && nonceRequired) {
    throw new InvalidProofError('the DPoP proof has no nonce', 'use_dpop_nonce');
  }
  if (nonce === undefined || !nonces) return checkIssueTime(iat, now);
  const expiresAt = nonces.expiryOf(nonce);
  if (expiresAt === undefined) {
    throw new InvalidProofError('the nonce of the DPoP proof is not a current nonce of this server', 'use_dpop_nonce');
  }
  return expiresAt;
}

function checkIssueTime(iat: number, now: number): number {
  if (iat < now - PROOF_LIFETIME_SECONDS) throw new InvalidProofError('the DPoP proof is too old (iat)');
  if (iat > now + PROOF_CLOCK_TOLERANCE_SECONDS) throw new InvalidProofError('the DPoP proof is from the future (iat)');
  return iat + PROOF_LIFETIME_SECONDS;
}
