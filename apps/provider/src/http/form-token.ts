import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { createHmac } from 'node:crypto';

/**
 * Derives the token of a form from a secret that only the browser's cookie holds, so that a page of another site cannot
 * know it.
 *
 * @param purpose names the form and the content that it shows; a token holds for this purpose only.
 */
export const formTokenOf = (cookieSecret: string, ...purpose: readonly string[]): string =>
  createHmac('sha256', cookieSecret).update(JSON.stringify(purpose)).digest('base64url');

/**
 * Checks that a form was posted with the token that our page put into it.
 *
 * @throws ProblemError 403 when the token is missing or wrong.
 */
export function checkFormToken(given: string | undefined, expected: string): void {
  if (given !== undefined && equalInConstantTime(given, expected)) return;
  throw new ProblemError(403, 'This page was out of date', { detail: 'Go back, reload the page and try again.' });
}
