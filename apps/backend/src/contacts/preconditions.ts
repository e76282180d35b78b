import { ProblemError } from '@trefoil/server-kit';
import { parseEntityTags } from './entity-tag.js';

/** The versions of a contact that a change may start from. */
export type AllowedVersions = 'any' | readonly number[];

/**
 * What `If-Match` allows; anything when it is absent or `*`. A weak tag never matches (RFC 9110 §13.1.1).
 *
 * @throws ProblemError 400 when it is malformed: who asks not to overwrite must not be overheard.
 */
export function versionsAllowedBy(ifMatch: string | undefined): AllowedVersions {
  if (ifMatch === undefined) return 'any';
  const tags = parseEntityTags(ifMatch);
  if (tags === undefined) {
    const message = 'must be * or entity tags in double quotes, such as "1"';
    throw new ProblemError(400, 'Bad Request', {
      detail: `If-Match ${message}.`,
      errors: [{ field: 'If-Match', message }],
    });
  }
  return tags === '*'
    ? 'any'
    : tags.flatMap(({ weak, value }) => (!weak && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : []));
}

/** Whether `If-None-Match` says that the caller has this version already (RFC 9110 §13.1.2); a malformed one does not. */
export function callerHas(version: number, ifNoneMatch: string | undefined): boolean {
  const tags = ifNoneMatch === undefined ? undefined : parseEntityTags(ifNoneMatch);
  return tags === '*' || (tags?.some(({ value }) => value === String(version)) ?? false);
}
