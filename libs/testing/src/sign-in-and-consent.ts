import { demoUsers } from './demo-data.js';
import type { Page } from './page.js';

/** What a user does on the pages of the provider. */
export interface UserAnswers {
  username: string;
  password: string;
  /** The button that the user presses on the consent page. */
  consent?: 'allow' | 'deny';
}

/** The sign-in page, the consent page, and one page more, in case the provider shows the sign-in page twice. */
const MAXIMUM_PAGES = 3;

/**
 * Answers the sign-in page and the consent page of the provider, in any order and only if they are shown.
 *
 * @returns the first page that is neither of them, such as the redirect to the client.
 */
export async function signInAndConsent(page: Page, user: UserAnswers = demoUsers.alice): Promise<Page> {
  const { username, password, consent = 'allow' } = user;
  let current = page;
  for (let answered = 0; answered < MAXIMUM_PAGES; answered += 1) {
    if (current.has('#login')) current = await current.submit('#login', { username, password });
    else if (current.has(`#${consent}`)) current = await current.submit(`#${consent}`);
    else break;
  }
  return current;
}
