import { ContactQuery } from '@trefoil/dto';
import { creationCursor } from '@trefoil/resource-api';
import type { z } from 'zod';

/** The query of a request for a list of contacts. */
export const ContactListQuery = ContactQuery.extend({ cursor: creationCursor.optional() });
export type ContactListQuery = z.output<typeof ContactListQuery>;
