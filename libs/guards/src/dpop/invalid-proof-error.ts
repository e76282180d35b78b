/**
 * Reports that a DPoP proof is refused. The message names the check that failed and is sent to the client. With the code
 * `use_dpop_nonce`, the client must try again with the nonce in the response (RFC 9449 §5, §8, §9).
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
