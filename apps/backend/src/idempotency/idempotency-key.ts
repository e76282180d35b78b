import { ProblemError } from '@trefoil/server-kit';

/**
 * The `Idempotency-Key` of a request, if there is one: 1 to 255 visible ASCII characters.
 *
 * @throws ProblemError 400 when it is anything else.
 */
export function checkIdempotencyKey(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7E]{1,255}$/.test(key)) return key;
  const message = 'must be 1 to 255 visible ASCII characters';
  throw new ProblemError(400, 'Bad Request', {
    detail: `Idempotency-Key ${message}.`,
    errors: [{ field: 'Idempotency-Key', message }],
  });
}
