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

  /**
   * Returns when a nonce is no longer accepted, in seconds since 1970; undefined when it is not accepted now. It is accepted in
   * its time window and in the neighbouring ones, because clocks of replicas may differ a little.
   */
  expiryOf(nonce: string): number | undefined {
    const current = this.window();
    const window = [current, current - 1, current + 1].find((each) =>
      this.keys.some((key) => equalInConstantTime(nonce, nonceOf(key, each))),
    );
    return window === undefined ? undefined : (window + 2) * NONCE_WINDOW_SECONDS;
  }

  private window(): number {
    return Math.floor(this.now() / 1000 / NONCE_WINDOW_SECONDS);
  }
}

const nonceOf = (key: Uint8Array, window: number): string =>
  createHmac('sha256', key).update(`dpop-nonce ${window}`).digest('base64url');
