import { Actions, Button, Card, Form, Notice, type Permission, ScopeList } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';

export interface DeviceConsentViewProps {
  clientName: string;
  /** As the device shows it. */
  userCode: string;
  email: string;
  permissions: readonly Permission[];
  /** The id of the pending authorization. */
  authorization: string;
  formToken: string;
}

/** Asks a person whether a device may have what it asks for, and whether it is theirs (RFC 8628 §5.4). */
export function DeviceConsentPage(props: DeviceConsentViewProps) {
  const { clientName, userCode, email, permissions, authorization, formToken } = props;
  return (
    <ProviderPage
      title={`Connect ${clientName}?`}
      lead={
        <>
          You are signed in as <strong>{email}</strong>.
        </>
      }
    >
      <Notice kind="warning" title="Is this your own device?" id="warning">
        Go on only if you have just started {clientName} yourself and it shows the code <strong>{userCode}</strong>. If
        somebody sent you this code or a link to this page, they want to get into your account: deny it.
      </Notice>
      <Card
        title={`${clientName} wants to`}
        footer={
          <p>
            Not you? <a href={`/login?authorization=${authorization}&switch=1`}>Sign in as somebody else</a>
          </p>
        }
      >
        <ScopeList permissions={permissions} />
        <Form action="/device" formToken={formToken} hidden={{ authorization }}>
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
