import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { createHmac } from 'node:crypto';

/** Seconds for which one nonce is issued. It is accepted for one more window after that. */
export const NONCE_WINDOW_SECONDS = 180;

/**
 * Issues and checks the nonces that a server requires in DPoP proofs (RFC 9449 §8). A nonce is a MAC over the number of a
 * time window, so that every replica with the key accepts it and none is stored. With several keys, the first issues nonces
 * and all are accepted.
 */
export class ProofNonces {
  constructor(
    private readonly keys: readonly [first: Uint8Array, ...others: Uint8Array[]],
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns the nonce of the current time window. */
  current(): string {
    return nonceOf(this.keys[0], this.window());
  }

  /** Returns whether a nonce is from this time window or a neighbouring one; clocks of replicas may differ a little. */
  accepts(nonce: string): boolean {
    const window = this.window();
    return this.keys.some((key) =>
      [window, window - 1, window + 1].some((each) => equalInConstantTime(nonce, nonceOf(key, each))),
    );
  }

  private window(): number {
    return Math.floor(this.now() / 1000 / NONCE_WINDOW_SECONDS);
  }
}

const nonceOf = (key: Uint8Array, window: number): string =>
  createHmac('sha256', key).update(`dpop-nonce ${window}`).digest('base64url');
