import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { calculateJwkThumbprint, type CryptoKey, importJWK, type JWK } from 'jose';
import { InvalidProofError } from './invalid-proof-error.js';

/** The members of a private or shared key (RFC 7518 §6.2.2, §6.3.2, §6.4, RFC 8037 §2). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The key type of each algorithm, and the members of its public key. */
const KEYS = {
  ES256: { kty: 'EC', crv: 'P-256', members: ['x', 'y'] },
  PS256: { kty: 'RSA', crv: undefined, members: ['n', 'e'] },
  RS256: { kty: 'RSA', crv: undefined, members: ['n', 'e'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['x'] },
} as const satisfies Record<SigningAlgorithm, object>;

const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** The length of a 4096-bit RSA modulus in base64url. Larger keys would only slow the server down. */
const LONGEST_MEMBER = 683;
const LONGEST_EXPONENT = 6;

/** The public key of a proof, and its thumbprint (RFC 7638). */
export interface ProofKey {
  readonly key: CryptoKey | Uint8Array;
  readonly jkt: string;
}

/**
 * Reads the public key in the `jwk` member of a proof's header, and checks that it suits the algorithm (RFC 9449 §4.2, §4.3).
 *
 * @throws InvalidProofError
 */
export async function readProofKey(jwk: unknown, alg: SigningAlgorithm): Promise<ProofKey> {
  if (typeof jwk !== 'object' || jwk === null) throw new InvalidProofError('the DPoP proof has no public key (jwk)');
  if (PRIVATE_MEMBERS.some((member) => member in jwk)) {
    throw new InvalidProofError('the jwk of the DPoP proof must be a public key and nothing more');
  }
  const { kty, crv, members } = KEYS[alg];
  const given = jwk as Record<string, unknown>;
  const isRightType = given.kty === kty && given.crv === crv;
  if (!isRightType || !members.every((member) => isMember(member, given[member]))) throw unsuitableKey();
  const bare: JWK = { kty, crv, ...Object.fromEntries(members.map((member) => [member, given[member]])) };
  try {
    return { key: await importJWK(bare, alg), jkt: await calculateJwkThumbprint(bare) };
  } catch (cause) {
    throw unsuitableKey(cause);
  }
}

const isMember = (name: string, value: unknown): value is string =>
  typeof value === 'string' &&
  BASE64URL.test(value) &&
  value.length <= (name === 'e' ? LONGEST_EXPONENT : LONGEST_MEMBER);

const unsuitableKey = (cause?: unknown): InvalidProofError =>
  new InvalidProofError('the jwk of the DPoP proof is not a key for its algorithm', 'invalid_dpop_proof', { cause });
