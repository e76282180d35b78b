import { Actions, Button, Card, Form, type Permission, ScopeList } from '@trefoil/ui';
import { ProviderPage } from '../../http/provider-page.js';
import { ClientLogo, type ClientPresentation, ClientTerms } from '../interaction/requesting-client.js';

export interface ConsentViewProps extends ClientPresentation {
  clientName: string;
  host: string;
  /** The host that a client which describes itself is published at. */
  publisher?: string;
  email: string;
  permissions: readonly Permission[];
  /** The id of the pending authorization. */
  authorization: string;
  formToken: string;
}

/** Asks a person whether a client may have what it asks for. */
export function ConsentPage(props: ConsentViewProps) {
  const { clientName, publisher, host, email, permissions, authorization, formToken } = props;
  // What nobody checked comes behind what is proven.
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
