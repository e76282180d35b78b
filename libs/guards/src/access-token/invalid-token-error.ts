/** A token that is refused; the message says which check failed and is public (RFC 6750 §3.1 `invalid_token`). */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}
