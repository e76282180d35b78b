import { ProblemError } from '@trefoil/server-kit';
import { type FindOperator, In } from 'typeorm';
import { type EntityTag, formatEntityTag, parseEntityTags } from './entity-tag.js';

/** The versions of a row that a change may start from; versions are counted from 1. */
export type AllowedVersions = 'any' | readonly number[];

/**
 * Returns the versions that `If-Match` allows: any version when the header is absent or `*`. A weak tag never matches
 * (RFC 9110 §13.1.1).
 *
 * @throws ProblemError 400 when the header is malformed. Ignoring it would overwrite a change that the client wanted to keep.
 */
export function versionsAllowedBy(ifMatch: string | undefined): AllowedVersions {
  if (ifMatch === undefined) return 'any';
  const tags = readIfMatch(ifMatch);
  return tags === '*'
    ? 'any'
    : tags.flatMap(({ weak, value }) => (!weak && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : []));
}

/**
 * Checks that `If-Match`, if present, allows a change of the version with this strong entity tag (RFC 9110 §13.1.1).
 *
 * @param name what the resource is, such as `account`.
 * @throws ProblemError 400 when the header is malformed, 412 when it names other versions.
 */
export function checkIfMatch(ifMatch: string | undefined, entityTag: string, name: string): void {
  if (ifMatch === undefined) return;
  const tags = readIfMatch(ifMatch);
  if (tags === '*' || tags.some(({ weak, value }) => !weak && formatEntityTag(value) === entityTag)) return;
  throw preconditionFailed(name);
}

function readIfMatch(ifMatch: string): '*' | EntityTag[] {
  const tags = parseEntityTags(ifMatch);
  if (tags !== undefined) return tags;
  const message = 'must be * or entity tags in double quotes, such as "1"';
  throw new ProblemError(400, 'Bad Request', {
    detail: `If-Match ${message}.`,
    errors: [{ field: 'If-Match', message }],
  });
}

/** Returns the TypeORM condition on a `version` column, to be spread into the conditions of an update or a delete. */
export const whereVersion = (allowed: AllowedVersions): { version?: FindOperator<number> } =>
  allowed === 'any' ? {} : { version: In(allowed) };

/** Creates the answer 412 for a row that no longer has an allowed version. @param name what the row is, such as `contact` */
export const preconditionFailed = (name: string): ProblemError =>
  new ProblemError(412, 'Precondition Failed', {
    detail: `The ${name} has changed since you read it. Read it again, then repeat your change with its new ETag.`,
  });

/**
 * Returns whether `If-None-Match` names this version, so that the answer is 304 (RFC 9110 §13.1.2). A malformed header
 * names no version.
 */
export function isNotModified(version: number, ifNoneMatch: string | undefined): boolean {
  const tags = ifNoneMatch === undefined ? undefined : parseEntityTags(ifNoneMatch);
  return tags === '*' || (tags?.some(({ value }) => value === String(version)) ?? false);
}
