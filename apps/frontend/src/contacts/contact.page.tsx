import type { Contact } from '@trefoil/dto';
import { ButtonLink, Card, Notice } from '@trefoil/ui';
import { SiteLayout } from '../http/site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';
import { ContactDetails } from './contact-details.js';
import { contactPath } from './contact-path.js';

interface ContactPageProps {
  viewer: Viewer;
  contact: Contact;
  /** What has just happened: `added` or `changed`; anything else is not shown. */
  notice?: unknown;
}

/** One contact. */
export function ContactPage({ viewer, contact, notice }: ContactPageProps) {
  const path = contactPath(contact.id);
  return (
    <SiteLayout
      title={contact.name}
      viewer={viewer}
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
