import { equalInConstantTime, sameHttpUri, sha256 } from '@trefoil/oauth-protocol';
import { InvalidProofError } from './invalid-proof-error.js';

const LONGEST_JTI = 256;

/** The request that a proof must match. */
export interface ExpectedProof {
  /** The method of the request. */
  readonly method: string;
  /** The URLs at which clients see the resource of the request. The proof must be for one of them. */
  readonly uris: readonly string[];
  /** At a resource server, the access token of the request, which the `ath` claim must match. */
  readonly accessToken?: string;
}

/** The claims of a proof that matches its request. Its age is not checked yet. */
export interface ProofClaims {
  readonly jti: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly nonce?: string;
}

/**
 * Checks that a proof matches the request, and returns its claims (RFC 9449 §4.3).
 *
 * @throws InvalidProofError
 */
export function checkProofClaims(
  { htm, htu, iat, jti, ath, nonce }: Readonly<Record<string, unknown>>,
  { method, uris, accessToken }: ExpectedProof,
): ProofClaims {
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) {
    throw new InvalidProofError(`the DPoP proof has no id (jti) of 1 to ${LONGEST_JTI} characters`);
  }
  if (htm !== method) throw new InvalidProofError('the DPoP proof is for another method (htm)');
  if (typeof htu !== 'string' || !uris.some((uri) => sameHttpUri(htu, uri))) {
    throw new InvalidProofError('the DPoP proof is for another address (htu)');
  }
  if (typeof iat !== 'number' || !Number.isFinite(iat)) {
    throw new InvalidProofError('the DPoP proof has no time of issue (iat)');
  }
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
