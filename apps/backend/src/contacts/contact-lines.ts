import type { Contact } from './contact.entity.js';
import { representContact } from './represent-contact.js';

/** Some contacts, and whether more follow. */
interface Page {
  readonly contacts: readonly Contact[];
  readonly more: boolean;
}

/** The contacts of a page and of all that follow, one JSON object a line: the next page is read when somebody asks for it. */
export async function* contactLines(first: Page, pageAfter: (last: Contact) => Promise<Page>): AsyncGenerator<string> {
  for (let page = first; ;) {
    const last = page.contacts.at(-1);
    if (!last) return;
    yield page.contacts.map((contact) => `${JSON.stringify(representContact(contact))}\n`).join('');
    if (!page.more) return;
    page = await pageAfter(last);
  }
}
