import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { createHmac } from 'node:crypto';

/** Seconds for which one nonce is handed out; it is accepted for as long again. */
export const NONCE_WINDOW_SECONDS = 180;

/**
 * The nonces that a server demands in DPoP proofs (RFC 9449 §8). Each is made of a stretch of time and a key, so that
 * every replica that has the key accepts it, and none is stored. Of several keys the first makes new ones.
 */
export class ProofNonces {
  constructor(
    private readonly keys: readonly [first: Uint8Array, ...others: Uint8Array[]],
    private readonly now: () => number = Date.now,
  ) {}

  /** The nonce to hand out now. */
  current(): string {
    return nonceOf(this.keys[0], this.window());
  }

  /** Whether a nonce was handed out lately, be it by a replica whose clock is a little ahead. */
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
