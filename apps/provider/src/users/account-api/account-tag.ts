import type { Account } from '@trefoil/dto';
import { sha256 } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';

/** The strong entity tag of an account: equal accounts have equal tags (RFC 9110 §8.8.3). */
export const accountTag = (account: Account): string => `"${sha256(JSON.stringify(account)).toString('base64url')}"`;

/**
 * Checks that `If-Match`, when it is there, allows a change of this account (RFC 9110 §13.1.1). What is malformed
 * matches nothing: who asks not to overwrite must not be overheard.
 *
 * @throws ProblemError 412
 */
export function checkIfMatch(ifMatch: string | undefined, account: Account): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes(accountTag(account))) return;
  throw new ProblemError(412, 'Precondition Failed', {
    detail: 'The account has changed since you read it. Read it again, then repeat your change with its new ETag.',
  });
}
