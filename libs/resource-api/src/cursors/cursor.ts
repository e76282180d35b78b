import { z } from 'zod';

/** The message for a cursor that the list did not return. */
export const INVALID_CURSOR = 'must be a cursor that this list returned before';

/**
 * Creates the schema of a `cursor` query parameter that is written as it is. The form is the pattern in the documentation,
 * so it should match no text that `read` cannot use.
 *
 * @param form The whole form of a cursor.
 * @param read Returns the position for a text of that form.
 */
export const cursorParameter = <Position>(form: RegExp, read: (cursor: string) => Position) =>
  z.string().regex(form, INVALID_CURSOR).transform(read);

/** Writes a position in a list as an opaque cursor: the parts, separated by spaces, in base64url. */
export const writeCursor = (...parts: readonly string[]): string => Buffer.from(parts.join(' ')).toString('base64url');

/**
 * Creates the schema of a `cursor` query parameter that `writeCursor` wrote.
 *
 * @param form The whole form of the decoded text.
 * @param read Returns the position for the parts of the decoded text.
 */
export const encodedCursorParameter = <Position>(form: RegExp, read: (parts: readonly string[]) => Position) =>
  z
    .string()
    .max(1000)
    .regex(/^[A-Za-z0-9_-]+$/, INVALID_CURSOR)
    .transform((cursor, context): Position => {
      const text = Buffer.from(cursor, 'base64url').toString();
      if (form.test(text)) return read(text.split(' '));
      context.addIssue({ code: 'custom', message: INVALID_CURSOR });
      return z.NEVER;
    });
