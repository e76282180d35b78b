import { Card } from '@trefoil/ui';
import type { CurrentUser } from '@trefoil/web-server';
import type { ContactVersion } from '../backend-client/backend-client.js';
import { ContactDetails } from './contact-details.js';
import { CONTACT_FIELDS, type ContactText, contactTextOf } from './contact-form.js';
import { ContactFormPage } from './contact-form.page.js';
import { contactPath } from './contact.page.js';
import { ConflictNotice } from './form-notices.js';

interface EditConflictPageProps {
  user: CurrentUser;
  current: ContactVersion;
  /** The text that the user wants to save. */
  text: ContactText;
}

/** Shows both versions of a contact that was changed in the meantime. Saving again replaces the other version. */
export function EditConflictPage({ user, current: { contact, etag }, text }: EditConflictPageProps) {
  return (
    <ContactFormPage
      user={user}
      title="Edit contact"
      action={contactPath(contact.id)}
      text={text}
      hints={differences(text, contactTextOf(contact))}
      hidden={{ etag }}
      notice={<ConflictNotice />}
      saveLabel="Save my text"
      cancelHref={contactPath(contact.id)}
      cancelLabel="Keep the other version"
    >
      <Card title="As it is now" id="current">
        <ContactDetails contact={contact} />
      </Card>
    </ContactFormPage>
  );
}

/** Returns a hint with the other version's value for each input that differs. The notes are too long to repeat. */
function differences(mine: ContactText, theirs: ContactText): Partial<ContactText> {
  const differing = CONTACT_FIELDS.filter((name) => mine[name] !== theirs[name]);
  const hint = (name: keyof ContactText): string => {
    if (theirs[name] === '') return 'It is empty now.';
    return name === 'notes' ? 'It has other text now.' : `It is “${theirs[name]}” now.`;
  };
  return Object.fromEntries(differing.map((name) => [name, hint(name)]));
}
