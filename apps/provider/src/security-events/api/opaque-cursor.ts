import { z } from 'zod';

/** Writes a place in a list as clients see it: base64url, to be handed back and not to be read. */
export const writeCursor = (...place: readonly string[]): string => Buffer.from(place.join(' ')).toString('base64url');

/** What is said of a cursor that is none of a list's. */
export const NO_CURSOR = 'must be a cursor of this list that was read before';

/** A `cursor` parameter: the parts of the place, when it is of the given form. */
export const cursorParameter = <T>(form: RegExp, read: (parts: string[]) => T) =>
  z
    .string()
    .max(1000)
    .transform((text, context): T => {
      const place = Buffer.from(text, 'base64url').toString('utf8');
      if (form.test(place)) return read(place.split(' '));
      context.addIssue({ code: 'custom', message: NO_CURSOR });
      return z.NEVER;
    });
