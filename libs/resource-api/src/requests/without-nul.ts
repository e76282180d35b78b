import type { z } from 'zod';

/** Adds a check to a schema: no text of the object may contain a NUL character, which PostgreSQL cannot store. */
export const withoutNul = <S extends z.ZodObject>(schema: S): S =>
  schema.superRefine((values, context) => {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== 'string' || !value.includes('\0')) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'must not contain a NUL character' });
    }
  });
