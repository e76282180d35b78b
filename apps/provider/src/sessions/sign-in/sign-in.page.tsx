import { Button, Card, Form, Notice, TextField } from '@trefoil/ui';
import { ProviderPage } from '../../http/provider-page.js';
import {
  ClientLogo,
  type ClientPresentation,
  ClientTerms,
} from '../../authorization/interaction/client-presentation.js';

/** What the page says beside the form. */
export interface SignInMessages {
  /** What went wrong as a whole. */
  failure?: { title: string; message: string };
  /** What is wrong with a field. */
  errors?: { username?: string | undefined; password?: string | undefined };
  /** The account that is signed in, offered to go on with. */
  current?: { email: string; formToken: string };
  /** The application knows who is to sign in; by which name, it may not know (OpenID Connect Core §3.1.2.1). */
  isSomebodyExpected?: boolean;
}

export interface SignInViewProps extends SignInMessages, ClientPresentation {
  /** Who asks. */
  clientName: string;
  /** Where the person is sent afterwards. */
  host: string;
  /** The id of the pending authorization. */
  authorization: string;
  formToken: string;
  username?: string | undefined;
}

/** The form in which people sign in. */
export function SignInPage(props: SignInViewProps) {
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
