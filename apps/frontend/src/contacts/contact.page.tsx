import type { Contact } from '@trefoil/dto';
import { ButtonLink, Card, Notice } from '@trefoil/ui';
import { type CurrentUser, SiteLayout } from '@trefoil/web-server';
import { ContactDetails } from './contact-details.js';

interface ContactPageProps {
  user: CurrentUser;
  contact: Contact;
  /** The change to confirm: `added` or `changed`. Any other value is ignored. */
  notice?: unknown;
}

/** Returns the path of a contact's page. */
export const contactPath = (id: string): string => `/contacts/${encodeURIComponent(id)}`;

/** Shows one contact. */
export function ContactPage({ user, contact, notice }: ContactPageProps) {
  const path = contactPath(contact.id);
  return (
    <SiteLayout
      title={contact.name}
      user={user}
      current="/contacts"
      actions={
        <>
          <ButtonLink href={`${path}/edit`}>Edit</ButtonLink>
          <ButtonLink href={`${path}/delete`} variant="secondary">
            Delete
          </ButtonLink>
        </>
      }
    >
      {notice === 'added' && <Notice kind="success">The contact was added.</Notice>}
      {notice === 'changed' && <Notice kind="success">Your changes were saved.</Notice>}
      <Card>
        <ContactDetails contact={contact} />
      </Card>
      <p>
        <a href="/contacts">All contacts</a>
      </p>
    </SiteLayout>
  );
}
