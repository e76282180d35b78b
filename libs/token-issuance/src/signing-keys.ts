import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { KeyObject } from 'node:crypto';
import type { PublishedKey, SigningKey } from './signing-key.js';

/** Provides the keys that sign tokens, and those that verify them. */
export abstract class SigningKeys {
  /** Returns the key that signs new tokens with an algorithm. */
  abstract current(algorithm: SigningAlgorithm): Promise<SigningKey>;

  /** Returns the keys that are published: those that sign now, signed unexpired tokens, or will sign soon. */
  abstract published(): Promise<readonly PublishedKey[]>;

  /** Returns the published key with this id for this algorithm. */
  async find(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return keyIn(await this.published(), kid, algorithm);
  }

  /**
   * Returns the key with this id, also when it is no longer published. It verifies tokens that are accepted after they have
   * expired, such as ID token hints.
   */
  findFormer(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return this.find(kid, algorithm);
  }
}

/** Returns the public key with this id for this algorithm. */
export const keyIn = (keys: readonly PublishedKey[], kid: string, algorithm: SigningAlgorithm): KeyObject | undefined =>
  keys.find((key) => key.kid === kid && key.algorithm === algorithm)?.publicKey;
