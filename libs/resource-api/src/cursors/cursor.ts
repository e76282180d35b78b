import { z } from 'zod';

/** The message for a cursor that the list did not return. */
export const INVALID_CURSOR = 'must be a cursor that this list returned before';

/** Writes a position in a list as clients see it: the parts, separated by spaces, in base64url. Clients never read it. */
export const writeCursor = (...parts: readonly string[]): string => Buffer.from(parts.join(' ')).toString('base64url');

/**
 * Creates the schema of a `cursor` query parameter.
 *
 * @param read Returns the position that the decoded text stands for; undefined when the text has another form.
 * @param maxLength The length of the longest cursor, in characters.
 */
export const cursorParameter = <Position>(read: (text: string) => Position | undefined, maxLength = 500) =>
  z
    .string()
    .max(maxLength)
    .transform((cursor, context): Position => {
      const position = read(Buffer.from(cursor, 'base64url').toString());
      if (position !== undefined) return position;
      context.addIssue({ code: 'custom', message: INVALID_CURSOR });
      return z.NEVER;
    });
