import { Card } from '@trefoil/ui';
import type { ContactVersion } from '../backend-client/backend-client.js';
import type { Viewer } from '../page-access/current-user.pipe.js';
import { ContactDetails } from './contact-details.js';
import { ContactFormPage } from './contact-form.page.js';
import { contactPath } from './contact-path.js';
import { CONTACT_FIELDS, type ContactText, contactTextOf } from './contact-form.js';
import { ConflictNotice } from './form-notices.js';

interface ConflictPageProps {
  viewer: Viewer;
  current: ContactVersion;
  /** What the person wants to save. */
  text: ContactText;
}

/** Shows both versions of a contact that somebody else changed first; saving again is meant to replace theirs. */
export function ConflictPage({ viewer, current: { contact, etag }, text }: ConflictPageProps) {
  return (
    <ContactFormPage
      viewer={viewer}
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

/** What each input that differs has in the other version; the notes are too long to repeat. */
function differences(mine: ContactText, theirs: ContactText): Partial<ContactText> {
  const differing = CONTACT_FIELDS.filter((name) => mine[name] !== theirs[name]);
  const hint = (name: keyof ContactText): string => {
    if (theirs[name] === '') return 'It is empty now.';
    return name === 'notes' ? 'It has other text now.' : `It is “${theirs[name]}” now.`;
  };
  return Object.fromEntries(differing.map((name) => [name, hint(name)]));
}
