import { z } from 'zod';

/** Encodes a position in a list as an opaque cursor (base64url), which clients only send back. */
export const writeCursor = (...position: readonly string[]): string =>
  Buffer.from(position.join(' ')).toString('base64url');

/** The message of the error for an invalid cursor. */
export const INVALID_CURSOR = 'must be a cursor that this list returned before';

/**
 * Returns the schema of a `cursor` parameter: decodes the position, checks its format and passes its parts to `read`.
 */
export const cursorParameter = <T>(format: RegExp, read: (parts: string[]) => T) =>
  z
    .string()
    .max(1000)
    .transform((text, context): T => {
      const position = Buffer.from(text, 'base64url').toString('utf8');
      if (format.test(position)) return read(position.split(' '));
      context.addIssue({ code: 'custom', message: INVALID_CURSOR });
      return z.NEVER;
    });
