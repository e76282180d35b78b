import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { isAcceptedAlgorithm } from '../verification-keys/accepted-algorithms.js';
import { InvalidProofError } from './invalid-proof-error.js';

/** Header members that name a key elsewhere, or require an extension that is not supported. */
const FORBIDDEN = ['jku', 'x5u', 'x5c', 'crit'] as const;

/**
 * Checks the header of a DPoP proof and returns its algorithm and its key (RFC 9449 §4.2, §4.3).
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
