import { z } from 'zod';

const optionalText = (max: number) => z.string().trim().max(max).default('');

/** What a person writes of a contact. `name` is required; the rest is empty when not given. */
export const ContactInput = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(200),
  email: z.union([z.literal(''), z.email('must be an e-mail address').max(320)]).default(''),
  phone: optionalText(50),
  company: optionalText(200),
  notes: optionalText(10_000),
});
export type ContactInput = z.infer<typeof ContactInput>;

/** A change of a contact: what is named is set, what is absent stays. */
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

/** A page of contacts; `nextCursor` is null on the last one. */
export const ContactPage = z.object({ items: z.array(Contact), nextCursor: z.string().nullable() });
export type ContactPage = z.infer<typeof ContactPage>;

/** How a list of contacts is asked for: a text to search, a cursor from the page before, 1 to 100 a page. */
export const ContactQuery = z.object({
  search: z.string().trim().max(200).optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type ContactQuery = z.infer<typeof ContactQuery>;

/** One line of the export: a contact and whose it is. `ownerName` is null while the directory cannot be asked. */
export const ExportedContact = Contact.extend({ owner: z.string(), ownerName: z.string().nullable() });
export type ExportedContact = z.infer<typeof ExportedContact>;
