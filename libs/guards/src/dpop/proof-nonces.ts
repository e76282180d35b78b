import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { createHmac } from 'node:crypto';

/** Seconds for which one nonce is handed out; it is accepted for as long again. */
export const NONCE_WINDOW_SECONDS = 180;

/**
 * The nonces that a server demands in DPoP proofs (RFC 9449 §8). Each is made of a stretch of time and a key, so that
 * every replica that has the key accepts it, and none is stored.
 */
export class ProofNonces {
  constructor(
    private readonly key: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {}

  /** The nonce to hand out now. */
  current(): string {
    return this.nonceOf(this.window());
  }

  /** Whether a nonce was handed out lately, be it by a replica whose clock is a little ahead. */
  accepts(nonce: string): boolean {
    const window = this.window();
    return [window, window - 1, window + 1].some((each) => equalInConstantTime(nonce, this.nonceOf(each)));
  }

  private window(): number {
    return Math.floor(this.now() / 1000 / NONCE_WINDOW_SECONDS);
  }

  private nonceOf(window: number): string {
    return createHmac('sha256', this.key).update(`dpop-nonce ${window}`).digest('base64url');
  }
}
