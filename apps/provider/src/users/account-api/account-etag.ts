import type { Account } from '@trefoil/dto';
import { sha256 } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';

/** Returns the strong entity tag of an account. Equal accounts have equal tags (RFC 9110 §8.8.3). */
export const accountEtag = (account: Account): string => `"${sha256(JSON.stringify(account)).toString('base64url')}"`;

/**
 * Checks that `If-Match`, if present, allows a change of this account (RFC 9110 §13.1.1). A malformed header matches
 * nothing, so that a typing error never overwrites a change.
 *
 * @throws ProblemError 412
 */
export function checkIfMatch(ifMatch: string | undefined, account: Account): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes(accountEtag(account))) return;
  throw new ProblemError(412, 'Precondition Failed', {
    detail: 'The account has changed since you read it. Read it again, then repeat your change with its new ETag.',
  });
}
