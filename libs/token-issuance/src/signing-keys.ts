import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { KeyObject } from 'node:crypto';
import type { PublishedKey, SigningKey } from './signing-key.js';

/** Where the keys that sign come from. */
export abstract class SigningKeys {
  /** The key that signs with an algorithm now. */
  abstract current(algorithm: SigningAlgorithm): Promise<SigningKey>;

  /** Every key whose signatures may be met now or soon. */
  abstract published(): Promise<readonly PublishedKey[]>;

  /** The published key of that id. */
  async find(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return keyIn(await this.published(), kid, algorithm);
  }

  /** The key of that id, also when it is no longer published: for what is of use after it has expired, as hints are. */
  findFormer(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    return this.find(kid, algorithm);
  }
}

/** The public key of that id for that algorithm. */
export const keyIn = (keys: readonly PublishedKey[], kid: string, algorithm: SigningAlgorithm): KeyObject | undefined =>
  keys.find((key) => key.kid === kid && key.algorithm === algorithm)?.publicKey;
