/**
 * A DPoP proof that is refused; the message says which check failed and is public. With `use_dpop_nonce` the client is to
 * try again with the nonce that comes along (RFC 9449 §5, §8, §9).
 */
export class InvalidProofError extends Error {
  override readonly name = 'InvalidProofError';

  constructor(
    message: string,
    readonly code: 'invalid_dpop_proof' | 'use_dpop_nonce' = 'invalid_dpop_proof',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
