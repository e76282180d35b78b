import type { ExportedContact, StreamQuery } from '@trefoil/dto';
import { jsonLines } from '@trefoil/resource-api';
import type { Contact } from '../contacts/contact.entity.js';
import { representContact } from '../contacts/represent-contact.js';

/** Supplies the data of an export. */
export interface ExportSources {
  /** Returns the contacts that follow one; an empty array after the last. */
  readonly batchAfter: (last: Contact) => Promise<readonly Contact[]>;
  /** Returns the names of users; null for a user whose name is not known. */
  readonly namesOf: (owners: readonly string[]) => Promise<ReadonlyMap<string, string | null>>;
}

/** Writes the lines of an export, one {@link ExportedContact} each, and looks up the names of the owners batch by batch. */
export const exportLines = (
  first: readonly Contact[],
  { batchAfter, namesOf }: ExportSources,
  end?: StreamQuery['end'],
): AsyncGenerator<string> =>
  jsonLines({
    first,
    readNext: batchAfter,
    represent: async (contacts) => {
      const names = await namesOf(contacts.map(({ owner }) => owner));
      return contacts.map((contact): ExportedContact => ({
        ...representContact(contact),
        owner: contact.owner,
        ownerName: names.get(contact.owner) ?? null,
      }));
    },
    end,
  });
