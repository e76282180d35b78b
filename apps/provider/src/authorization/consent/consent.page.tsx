import { Actions, Button, Card, Form, type Permission, ScopeList } from '@trefoil/ui';
import { ProviderPage } from '../../http/provider-page.js';
import { ClientLogo, type ClientPresentation, ClientTerms } from '../interaction/client-presentation.js';

export interface ConsentPageProps extends ClientPresentation {
  clientName: string;
  host: string;
  /** The host that publishes the metadata of the client (see `ClientDescription`). */
  publisher?: string;
  email: string;
  permissions: readonly Permission[];
  /** The id of the pending authorization. */
  authorization: string;
  formToken: string;
}

/** Asks a user to allow or deny the request of a client. */
export function ConsentPage(props: ConsentPageProps) {
  const { clientName, publisher, host, email, permissions, authorization, formToken } = props;
  // The publisher is verified; the name that the client gives itself is not, so it comes second.
  const asker = publisher ? `${publisher} (“${clientName}”)` : clientName;
  return (
    <ProviderPage
      title={`Allow ${asker}?`}
      lead={
        <>
          You are signed in as <strong>{email}</strong>.
        </>
      }
    >
      <Card
        title={`${asker} wants to`}
        footer={
          <p>
            Not you? <a href={`/login?authorization=${authorization}&switch=1`}>Sign in as somebody else</a>
          </p>
        }
      >
        <ClientLogo {...props} />
        <ScopeList permissions={permissions} />
        <ClientTerms {...props} />
        <p>
          Whatever you choose, you will be sent back to <strong>{host}</strong>.
        </p>
        <Form action="/consent" formToken={formToken} hidden={{ authorization }}>
          <Actions>
            <Button id="allow" name="decision" value="allow">
              Allow
            </Button>
            <Button id="deny" name="decision" value="deny" variant="secondary">
              Deny
            </Button>
          </Actions>
        </Form>
      </Card>
    </ProviderPage>
  );
}
