import { useEffect, useState } from 'preact/hooks';
import { addContact, type Contact, currentUser, listContacts, SignInNeededError, type User } from './bff.js';
import { ContactForm } from './contact-form.js';

/** The whole app: the contacts of the signed-in user, or the sign-in. */
export function App() {
  const [user, setUser] = useState<User>();
  const [contacts, setContacts] = useState<readonly Contact[]>([]);
  const [problem, setProblem] = useState<Error>();

  /** Runs some work. Its error is shown, and a session that has ended leads to the offer of a sign-in. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      setProblem(undefined);
      return true;
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  };

  useEffect(() => {
    void attempt(async () => {
      setUser(await currentUser());
      setContacts(await listContacts());
    });
  }, []);

  const add = (contact: Pick<Contact, 'name' | 'email'>, idempotencyKey: string) =>
    attempt(async () => {
      await addContact(contact, idempotencyKey);
      setContacts(await listContacts());
    });

  return (
    <>
      <header>
        <h1>Contacts</h1>
        {user && <SignOut user={user} />}
      </header>
      {problem && <Problem problem={problem} isSignedIn={user !== undefined} />}
      {user && (
        <>
          <ContactForm onAdd={add} />
          <ul id="contacts">
            {contacts.map(({ id, name, email }) => (
              <li key={id}>
                {name} {email && <a href={`mailto:${email}`}>{email}</a>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** A form that ends the session here and at the provider. It is a navigation, because the provider has to see the browser. */
function SignOut({ user: { claims, signOutUrl, formToken } }: { user: User }) {
  return (
    <form method="post" action={signOutUrl}>
      <span id="user">{claims.name ?? claims.sub}</span> <input type="hidden" name="form_token" value={formToken} />
      <button id="sign-out">Sign out</button>
    </form>
  );
}

function Problem({ problem, isSignedIn }: { problem: Error; isSignedIn: boolean }) {
  if (!(problem instanceof SignInNeededError)) return <p role="alert">{problem.message}</p>;
  const returnTo = new URLSearchParams({ return_to: location.pathname });
  return (
    <p role={isSignedIn ? 'alert' : undefined}>
      {isSignedIn ? 'Your session has ended.' : 'You are not signed in.'}{' '}
      <a id="sign-in" href={`${problem.signInUrl}?${returnTo.toString()}`}>
        Sign in
      </a>
    </p>
  );
}
