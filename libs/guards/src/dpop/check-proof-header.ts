import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { isAcceptedAlgorithm } from '../verification-keys/accepted-algorithms.js';
import { InvalidProofError } from './invalid-proof-error.js';

/** Members that point to a key elsewhere, or demand what is not understood. */
const FORBIDDEN = ['jku', 'x5u', 'x5c', 'crit'] as const;

/**
 * Reads the header of a DPoP proof (RFC 9449 §4.2, §4.3).
 *
 * @throws InvalidProofError
 */
export function checkProofHeader(proof: string): { alg: SigningAlgorithm; jwk: unknown } {
  const header = decode(proof);
  if (header.typ !== 'dpop+jwt') throw new InvalidProofError('the typ of the DPoP proof must be dpop+jwt');
  if (!isAcceptedAlgorithm(header.alg)) {
    throw new InvalidProofError('the signature algorithm of the DPoP proof is not accepted');
  }
  for (const member of FORBIDDEN) {
    if (header[member] !== undefined) throw new InvalidProofError(`the DPoP proof must not have ${member}`);
  }
  return { alg: header.alg, jwk: header.jwk };
}

function decode(proof: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(proof);
  } catch (cause) {
    throw new InvalidProofError('the DPoP proof is not a signed JWT', 'invalid_dpop_proof', { cause });
  }
}
