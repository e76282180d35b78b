import { Actions, Button, ButtonLink, Form } from '@trefoil/ui';
import { START_PAGE } from '../http/links.js';
import { type CurrentUser, SiteLayout } from '../http/site-layout.js';

/** Asks whether to sign out. A link alone never signs out, because other sites can place links. */
export function SignOutPage({ user }: { user: CurrentUser | undefined }) {
  if (!user) {
    return (
      <SiteLayout title="You are signed out" lead="There is nothing more to do here." width="narrow">
        <Actions>
          <ButtonLink href={START_PAGE.href}>{START_PAGE.label}</ButtonLink>
        </Actions>
      </SiteLayout>
    );
  }
  return (
    <SiteLayout
      title="Sign out?"
      lead="This ends your session here and at the sign-in service."
      width="narrow"
      user={user}
    >
      <Form action="/logout" formToken={user.formToken}>
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

/** Says that the session at the provider may continue, because the provider could not be reached. */
export function SignedOutHerePage() {
  return (
    <SiteLayout
      title="You are signed out here"
      lead="The sign-in service does not answer, so your session there may continue. The next person who uses this browser could then sign in as you without a password."
      width="narrow"
    >
      <p>If others use this browser, sign out again in a few minutes.</p>
      <Form action="/logout" formToken="">
        <Actions>
          <Button id="logout">Sign out again</Button>
          <ButtonLink href={START_PAGE.href} variant="secondary">
            {START_PAGE.label}
          </ButtonLink>
        </Actions>
      </Form>
    </SiteLayout>
  );
}
