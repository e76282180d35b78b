import { sha256 } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';

/** The form of an `Idempotency-Key`: 1 to 255 visible ASCII characters. */
export const IDEMPOTENCY_KEY = /^[!-~]{1,255}$/;

/**
 * Returns the `Idempotency-Key` of a request, or undefined when the header is absent.
 *
 * @throws ProblemError 400 when the header is anything else.
 */
export function checkIdempotencyKey(key: string | undefined): string | undefined {
  if (key === undefined || IDEMPOTENCY_KEY.test(key)) return key;
  const message = 'must be 1 to 255 visible ASCII characters';
  throw new ProblemError(400, 'Bad Request', {
    detail: `Idempotency-Key ${message}.`,
    errors: [{ field: 'Idempotency-Key', message }],
  });
}

/** Returns the SHA-256 hash of an operation and its input. The order of the input's members does not matter. */
export const fingerprint = (operation: string, input: Readonly<Record<string, unknown>>): Buffer =>
  sha256(JSON.stringify([operation, Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1))]));
