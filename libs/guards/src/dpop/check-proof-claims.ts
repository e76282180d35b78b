import { equalInConstantTime, sameHttpUri, sha256 } from '@trefoil/oauth-protocol';
import { InvalidProofError } from './invalid-proof-error.js';

/** Seconds for which a proof is accepted after its `iat`. */
export const PROOF_LIFETIME_SECONDS = 120;
/** Seconds by which a client's clock may be ahead of ours. */
export const PROOF_CLOCK_TOLERANCE_SECONDS = 30;
const LONGEST_JTI = 256;

/** The request that a proof must match. */
export interface ExpectedProof {
  /** The method of the request. */
  readonly method: string;
  /** The URL of the request, as clients see it. */
  readonly uri: string;
  /** At a resource server, the access token of the request, which the `ath` claim must match. */
  readonly accessToken?: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/** The claims of a proof that matches its request. */
export interface ProofClaims {
  readonly jti: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly nonce?: string;
}

/**
 * Checks that a proof is recent and matches the request, and returns its claims (RFC 9449 §4.3).
 *
 * @throws InvalidProofError
 */
export function checkProofClaims(
  { htm, htu, iat, jti, ath, nonce }: Readonly<Record<string, unknown>>,
  { method, uri, accessToken, now }: ExpectedProof,
): ProofClaims {
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) {
    throw new InvalidProofError(`the DPoP proof has no id (jti) of 1 to ${LONGEST_JTI} characters`);
  }
  if (htm !== method) throw new InvalidProofError('the DPoP proof is for another method (htm)');
  if (typeof htu !== 'string' || !sameHttpUri(htu, uri)) {
    throw new InvalidProofError('the DPoP proof is for another address (htu)');
  }
  if (typeof iat !== 'number' || !Number.isFinite(iat)) {
    throw new InvalidProofError('the DPoP proof has no time of issue (iat)');
  }
  if (iat < now - PROOF_LIFETIME_SECONDS) throw new InvalidProofError('the DPoP proof is too old (iat)');
  if (iat > now + PROOF_CLOCK_TOLERANCE_SECONDS) throw new InvalidProofError('the DPoP proof is from the future (iat)');
  if (accessToken !== undefined && !isHashOf(ath, accessToken)) {
    throw new InvalidProofError('the DPoP proof is not for this access token (ath)');
  }
  if (nonce !== undefined && typeof nonce !== 'string') {
    throw new InvalidProofError('the nonce of the DPoP proof is not a string');
  }
  return { jti, iat, nonce };
}

const isHashOf = (ath: unknown, accessToken: string): boolean =>
  typeof ath === 'string' && equalInConstantTime(ath, sha256(accessToken).toString('base64url'));
