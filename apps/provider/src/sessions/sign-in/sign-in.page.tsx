import { Button, Card, Form, Notice, TextField } from '@trefoil/ui';
import {
  ClientLogo,
  type ClientPresentation,
  ClientTerms,
} from '../../authorization/interaction/client-presentation.js';
import { ProviderPage } from '../../http/provider-page.js';

/** The messages and choices of the page beside the empty form. */
export interface SignInMessages {
  /** Why the last attempt failed. */
  failure?: { title: string; message: string };
  /** The error of each field. */
  errors?: { username?: string | undefined; password?: string | undefined };
  /** The signed-in account, which the person may choose to continue with. */
  current?: { email: string; formToken: string };
  /** Whether the application expects a certain user, whose e-mail address may be unknown to it (OpenID Connect Core §3.1.2.1). */
  isSomebodyExpected?: boolean;
}

export interface SignInPageProps extends SignInMessages, ClientPresentation {
  /** The application that asks. */
  clientName: string;
  /** The host that the person is sent to afterwards. */
  host: string;
  /** The id of the pending authorization. */
  authorization: string;
  formToken: string;
  username?: string | undefined;
}

/** Renders the sign-in form. */
export function SignInPage(props: SignInPageProps) {
  const {
    clientName,
    host,
    authorization,
    formToken,
    username,
    failure,
    errors = {},
    current,
    isSomebodyExpected,
  } = props;
  return (
    <ProviderPage
      title="Sign in"
      lead={
        <>
          to continue to <strong>{clientName}</strong> ({host})
        </>
      }
    >
      <ClientLogo {...props} />
      {failure && (
        <Notice kind="error" title={failure.title} id="failure">
          {failure.message}
        </Notice>
      )}
      {isSomebodyExpected && <p>Use the account with which you signed in there before.</p>}
      {current && (
        <Card title="Choose an account">
          <Form action="/login/current" formToken={current.formToken} hidden={{ authorization }}>
            <Button id="current">Continue as {current.email}</Button>
          </Form>
        </Card>
      )}
      <Card title={current && 'Or use another one'}>
        <Form action="/login" formToken={formToken} hidden={{ authorization }}>
          <TextField
            label="E-mail address"
            name="username"
            type="email"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            maxLength={320}
            value={username}
            autofocus={!username}
            error={errors.username}
          />
          <TextField
            label="Password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            autofocus={Boolean(username)}
            error={errors.password}
          />
          <Button id="login">Sign in</Button>
        </Form>
      </Card>
      <ClientTerms {...props} />
    </ProviderPage>
  );
}
