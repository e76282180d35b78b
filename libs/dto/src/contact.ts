import { z } from 'zod';
import { StreamQuery } from './stream.js';

/** Text of at most `max` characters. PostgreSQL cannot store U+0000. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\0]*$/, 'must not contain a NUL character');

const optionalText = (max: number) => text(max).default('');

/** The members of a contact that users write. `name` is required; the others are empty when they are absent. */
export const ContactInput = z.object({
  name: text(200).min(1, 'must not be empty'),
  email: z.union([z.literal(''), z.email('must be an e-mail address').max(320)]).default(''),
  phone: optionalText(50),
  company: optionalText(200),
  notes: optionalText(10_000),
});
export type ContactInput = z.infer<typeof ContactInput>;

/** A change of a contact: members are set, absent members stay unchanged. */
export const ContactPatch = z.object({
  name: ContactInput.shape.name.optional(),
  email: ContactInput.shape.email.unwrap().optional(),
  phone: ContactInput.shape.phone.unwrap().optional(),
  company: ContactInput.shape.company.unwrap().optional(),
  notes: ContactInput.shape.notes.unwrap().optional(),
});
export type ContactPatch = z.infer<typeof ContactPatch>;

/** A contact. Times are ISO 8601 in UTC. */
export const Contact = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  company: z.string(),
  notes: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Contact = z.infer<typeof Contact>;

/** A page of contacts; `nextCursor` is null on the last page. */
export const ContactPage = z.object({ items: z.array(Contact), nextCursor: z.string().nullable() });
export type ContactPage = z.infer<typeof ContactPage>;

/** The query of a list of contacts: a text to search for, the cursor of the previous page, and a page size of 1 to 100. */
export const ContactQuery = StreamQuery.extend({
  search: text(200).optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type ContactQuery = z.infer<typeof ContactQuery>;

/** One line of the export: a contact and its owner's `sub`. `ownerName` is null when the directory does not know it or is down. */
export const ExportedContact = Contact.extend({ owner: z.string(), ownerName: z.string().nullable() });
export type ExportedContact = z.infer<typeof ExportedContact>;
