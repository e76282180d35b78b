/** The answer of the frontend server about the signed-in user: `GET /bff/user`. */
export interface User {
  readonly claims: { readonly sub: string; readonly name?: string };
  /** Seconds. */
  readonly sessionExpiresIn: number;
  readonly signOutUrl: string;
  readonly formToken: string;
}

/** A contact of the backend, as far as this app shows it. */
export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** The user has to sign in: the session has ended, or access to the API was never granted. */
export class SignInNeededError extends Error {
  override readonly name = 'SignInNeededError';

  constructor(
    /** The address of the sign-in. It takes `return_to`. */
    readonly signInUrl: string,
  ) {
    super('Sign in to go on.');
  }
}

interface Problem {
  readonly detail?: string;
  readonly signInUrl?: string;
}

/**
 * Sends a request to the frontend server. The browser adds the session cookie; `X-CSRF` shows that a script of this site
 * sends it. There is no token to add: the server adds it.
 *
 * @throws SignInNeededError
 * @throws Error with a sentence for the user.
 */
async function call<T>(path: string, init: { method?: string; headers?: Record<string, string>; body?: object } = {}) {
  const { method = 'GET', headers, body } = init;
  const answer = await fetch(path, {
    method,
    headers: {
      'X-CSRF': '1',
      Accept: 'application/json',
      ...(body && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  if (problem.signInUrl !== undefined) throw new SignInNeededError(problem.signInUrl);
  throw new Error(problem.detail ?? 'That did not work.');
}

/** Returns the signed-in user. */
export const currentUser = (): Promise<User> => call<User>('/bff/user');

const CONTACTS = '/bff/api/backend/v1/contacts';

/** Returns the newest contacts. */
export const listContacts = async (): Promise<readonly Contact[]> =>
  (await call<{ items: readonly Contact[] }>(CONTACTS)).items;

/** Adds a contact once for each idempotency key, so that a repeated request adds no second one. */
export const addContact = (contact: Pick<Contact, 'name' | 'email'>, idempotencyKey: string): Promise<Contact> =>
  call<Contact>(CONTACTS, { method: 'POST', headers: { 'Idempotency-Key': idempotencyKey }, body: contact });
