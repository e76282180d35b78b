import type { Contact } from '@trefoil/dto';
import { Actions, Button, ButtonLink, Form } from '@trefoil/ui';
import { type CurrentUser, SiteLayout } from '@trefoil/web-server';
import { contactPath } from './contact.page.js';

/** Asks whether to delete a contact. */
export function DeleteContactPage({ user, contact }: { user: CurrentUser; contact: Contact }) {
  const path = contactPath(contact.id);
  return (
    <SiteLayout
      title="Delete contact?"
      heading={`Delete ${contact.name}?`}
      lead="The contact and its notes are removed for good."
      width="narrow"
      user={user}
      current="/contacts"
    >
      <Form action={`${path}/delete`} formToken={user.formToken}>
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
