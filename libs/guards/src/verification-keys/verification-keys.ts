import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { CryptoKey, KeyObject } from 'jose';

/** A public key that verifies signatures. */
export type VerificationKey = CryptoKey | KeyObject;

/** Where the public keys of the issuer come from. */
export abstract class VerificationKeys {
  /**
   * The issuer's key of that id for that algorithm, or undefined when the issuer has none.
   *
   * @throws DependencyUnavailableError when it cannot be known whether it has one.
   */
  abstract find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined>;
}
