import type { Contact } from '@trefoil/dto';
import { Actions, Button, ButtonLink, Form } from '@trefoil/ui';
import { SiteLayout } from '../http/site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';
import { contactPath } from './contact-path.js';

/** Asks whether to delete a contact. */
export function DeleteContactPage({ viewer, contact }: { viewer: Viewer; contact: Contact }) {
  const path = contactPath(contact.id);
  return (
    <SiteLayout
      title="Delete contact?"
      heading={`Delete ${contact.name}?`}
      lead="The contact and its notes are removed for good."
      width="narrow"
      viewer={viewer}
      current="/contacts"
    >
      <Form action={`${path}/delete`} formToken={viewer.formToken}>
        <Actions>
          <Button id="delete" variant="danger">
            Delete
          </Button>
          <ButtonLink href={path} variant="secondary">
            Keep it
          </ButtonLink>
        </Actions>
      </Form>
    </SiteLayout>
  );
}
