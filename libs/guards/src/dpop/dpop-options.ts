/** What a server that takes DPoP proofs knows of itself (RFC 9449). */
export interface DpopOptions {
  /** The URL at which clients reach the server, without a slash at its end: what `htu` is compared with. */
  readonly publicUrl: string;
  /**
   * Make the nonces, 32 bytes each, the same on every replica; no nonce is offered without one. The first makes new ones,
   * those of any are accepted, so that the key can be replaced.
   */
  readonly nonceKeys?: readonly Uint8Array[];
  /** Whether a proof without a nonce is refused (RFC 9449 §8, §9). */
  readonly nonceRequired?: boolean;
}
