import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { CryptoKey, KeyObject } from 'jose';

/** A public key that verifies signatures. */
export type VerificationKey = CryptoKey | KeyObject;

/** Finds the public keys of the issuer. */
export abstract class VerificationKeys {
  /**
   * Returns the issuer's key with this id for this algorithm, or undefined when the issuer has no such key.
   *
   * @throws DependencyUnavailableError when the issuer's keys are not available.
   */
  abstract find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined>;
}
