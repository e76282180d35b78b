import { Actions, Button, ButtonLink, Card, Form } from '@trefoil/ui';
import type { Client } from '../../clients/client.entity.js';
import { ProviderPage } from '../../http/provider-page.js';

export interface ConfirmSignOutPageProps {
  email: string;
  /** The client that asks, if it is known. */
  client: Pick<Client, 'clientName' | 'clientUri'> | null;
  formToken: string;
  /** The parameters of the sign-out request, which the form sends again. */
  hidden: Readonly<Record<string, string | undefined>>;
}

/** Asks a person whether they want to sign out. */
export function ConfirmSignOutPage({ email, client, formToken, hidden }: ConfirmSignOutPageProps) {
  return (
    <ProviderPage
      title="Sign out?"
      lead={
        <>
          You are signed in as <strong>{email}</strong>.
        </>
      }
    >
      <Card>
        <p>
          {client ? `${client.clientName} asks to sign you out. ` : ''}
          Applications you use with this account in this browser will ask you to sign in again.
        </p>
        <Form action="/end-session" formToken={formToken} hidden={hidden}>
          <Actions>
            <Button id="logout">Sign out</Button>
            <ButtonLink href={client?.clientUri ?? '/'} variant="secondary">
              Cancel
            </ButtonLink>
          </Actions>
        </Form>
      </Card>
    </ProviderPage>
  );
}
