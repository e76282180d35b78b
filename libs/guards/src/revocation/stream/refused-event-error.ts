/** The error codes with which a receiver refuses a SET (RFC 8935 §2.4, RFC 8936 §2.6). */
export type RefusedEventCode = 'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience';

/** A SET that cannot be taken, now or ever; the message is told to the transmitter. */
export class RefusedEventError extends Error {
  override readonly name = 'RefusedEventError';

  constructor(
    readonly code: RefusedEventCode,
    description: string,
    options: { cause?: unknown } = {},
  ) {
    super(description, options);
  }
}
