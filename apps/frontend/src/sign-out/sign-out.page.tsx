import { Actions, Button, ButtonLink, Form } from '@trefoil/ui';
import { SiteLayout } from '../http/site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';

/** Asks whether to sign out; a link alone must never do that. */
export function SignOutPage({ viewer }: { viewer: Viewer | undefined }) {
  if (!viewer) {
    return (
      <SiteLayout title="You are signed out" lead="There is nothing more to do here." width="narrow">
        <Actions>
          <ButtonLink href="/">Start page</ButtonLink>
        </Actions>
      </SiteLayout>
    );
  }
  return (
    <SiteLayout
      title="Sign out?"
      lead="This ends your session here and at the sign-in service."
      width="narrow"
      viewer={viewer}
    >
      <Form action="/logout" formToken={viewer.formToken}>
        <Actions>
          <Button id="logout">Sign out</Button>
          <ButtonLink href="/" variant="secondary">
            Stay signed in
          </ButtonLink>
        </Actions>
      </Form>
    </SiteLayout>
  );
}

/** What is left to do when the provider cannot be reached: its own session goes on. */
export function SignedOutHerePage() {
  return (
    <SiteLayout
      title="You are signed out here"
      lead="The sign-in service does not answer, so its own session may go on: whoever uses this browser next could sign in as you without a password."
      width="narrow"
    >
      <p>If others use this browser, sign out again in a few minutes.</p>
      <Form action="/logout" formToken="">
        <Actions>
          <Button id="logout">Sign out again</Button>
          <ButtonLink href="/" variant="secondary">
            Start page
          </ButtonLink>
        </Actions>
      </Form>
    </SiteLayout>
  );
}
