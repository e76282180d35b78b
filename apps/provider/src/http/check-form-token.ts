import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';

/**
 * A form acts only with the token our page gave it.
 *
 * @throws ProblemError 403
 */
export function checkFormToken(given: string | undefined, expected: string): void {
  if (given !== undefined && equalInConstantTime(given, expected)) return;
  throw new ProblemError(403, 'This page was out of date', { detail: 'Go back, reload the page and try again.' });
}
