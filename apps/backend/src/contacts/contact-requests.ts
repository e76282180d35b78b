import { ContactInput, ContactPatch, ContactQuery } from '@trefoil/dto';
import type { z } from 'zod';
import { cursorParameter } from './contact-cursor.js';

/** Refuses text with a NUL character, which PostgreSQL cannot store. */
const withoutNul = <S extends z.ZodObject>(schema: S): S =>
  schema.superRefine((values, context) => {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== 'string' || !value.includes('\0')) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'must not contain a NUL character' });
    }
  });

/** The body that makes a contact. */
export const NewContact = withoutNul(ContactInput);

/** The body that changes a contact. */
export const ContactChange = withoutNul(ContactPatch);

/** The query of a list. */
export const ContactListQuery = withoutNul(ContactQuery.extend({ cursor: cursorParameter.optional() }));
export type ContactListQuery = z.output<typeof ContactListQuery>;
