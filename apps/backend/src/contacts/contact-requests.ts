import { ContactInput, ContactPatch, ContactQuery } from '@trefoil/dto';
import { creationCursor, withoutNul } from '@trefoil/resource-api';
import type { z } from 'zod';

/** The body of a request that adds a contact. */
export const NewContact = withoutNul(ContactInput);

/** The body of a request that changes a contact. */
export const ContactChange = withoutNul(ContactPatch);

/** The query of a request for a list of contacts. */
export const ContactListQuery = withoutNul(ContactQuery.extend({ cursor: creationCursor.optional() }));
export type ContactListQuery = z.output<typeof ContactListQuery>;
