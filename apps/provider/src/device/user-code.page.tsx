import { Button, Card, Form, Notice, TextField } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';

export interface UserCodeViewProps {
  userCode?: string | undefined;
  /** What went wrong. */
  failure?: { title: string; message: string } | undefined;
}

/** Asks for the code that a device shows (RFC 8628 §3.3). */
export function UserCodePage({ userCode, failure }: UserCodeViewProps) {
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
