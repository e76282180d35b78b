import type { ExportedContact } from '@trefoil/dto';
import type { Contact } from '../contacts/contact.entity.js';
import { representContact } from '../contacts/represent-contact.js';

/** Where an export finds what it writes. */
export interface ExportSources {
  /** The contacts that follow one; empty after the last. */
  batchAfter(last: Contact): Promise<Contact[]>;
  /** The names of users, null where there is none to be had. */
  namesOf(owners: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
}

/** The lines of an export, a batch at a time: the next one is read when somebody asks for it. */
export async function* exportLines(first: Contact[], sources: ExportSources): AsyncGenerator<string> {
  for (let batch = first; ;) {
    const last = batch.at(-1);
    if (!last) return;
    const names = await sources.namesOf(batch.map(({ owner }) => owner));
    yield batch.map((contact) => formatLine(contact, names.get(contact.owner) ?? null)).join('');
    batch = await sources.batchAfter(last);
  }
}

function formatLine(contact: Contact, ownerName: string | null): string {
  const line: ExportedContact = { ...representContact(contact), owner: contact.owner, ownerName };
  return `${JSON.stringify(line)}\n`;
}
