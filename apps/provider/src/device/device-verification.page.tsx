import { Actions, Button, ButtonLink, Card, Form, Notice, type Permission, ScopeList, TextField } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';
import type { DeviceOutcome } from './device-verification.js';

export interface UserCodePageProps {
  userCode?: string | undefined;
  /** Describes why the last code was refused. */
  failure?: { title: string; message: string } | undefined;
}

/** Asks for the code that a device shows (RFC 8628 §3.3). */
export function UserCodePage({ userCode, failure }: UserCodePageProps) {
  return (
    <ProviderPage title="Connect a device" lead="Enter the code that your device shows.">
      {failure && (
        <Notice kind="error" title={failure.title} id="failure">
          {failure.message}
        </Notice>
      )}
      <Card>
        <Form action="/device" method="get">
          <TextField
            label="Code"
            name="user_code"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            required
            maxLength={32}
            value={userCode}
            autofocus
          />
          <Button id="continue">Continue</Button>
        </Form>
      </Card>
    </ProviderPage>
  );
}

export interface DeviceConsentPageProps {
  clientName: string;
  /** The user code in the form in which the device shows it. */
  userCode: string;
  email: string;
  permissions: readonly Permission[];
  /** The id of the pending authorization. */
  authorization: string;
  formToken: string;
}

/** Asks a user to allow or deny the request of a device, and warns of devices of other people (RFC 8628 §5.4). */
export function DeviceConsentPage(props: DeviceConsentPageProps) {
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

const OUTCOMES: Record<DeviceOutcome, { title: string; lead: (clientName: string) => string }> = {
  allowed: { title: 'Your device is connected', lead: (name) => `Go back to ${name}. It continues by itself.` },
  denied: { title: 'Nothing was connected', lead: (name) => `${name} has no access. You can close this page.` },
  'too late': { title: 'This took too long', lead: (name) => `Nothing was connected. Start again in ${name}.` },
};

/** Shows the outcome of a decision. The device gets it with its next poll. */
export function DeviceOutcomePage({ outcome, clientName }: { outcome: DeviceOutcome; clientName: string }) {
  const { title, lead } = OUTCOMES[outcome];
  return (
    <ProviderPage title={title} lead={lead(clientName)}>
      <Actions>
        <ButtonLink href={outcome === 'too late' ? '/device' : '/'} variant="secondary">
          {outcome === 'too late' ? 'Enter another code' : 'Go to the start page'}
        </ButtonLink>
      </Actions>
    </ProviderPage>
  );
}
