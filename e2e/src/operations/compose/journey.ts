import { Browser, demoUsers, type Page, signInAndConsent } from '@trefoil/testing';
import { setTimeout as wait } from 'node:timers/promises';

const FRONTEND = 'https://app.localhost:3000';

/** The number of times that a person tries a step of the journey, and the pause in milliseconds. */
export interface Patience {
  readonly attempts: number;
  readonly pause: number;
}

/** Goes through the pages of the demo as a person with a new browser: signs in, adds a contact, finds it, and signs out. */
export class Journey {
  private readonly browser: Browser;

  /** @param ca the root of the certificates of the demo. */
  constructor(
    ca: string,
    private readonly patience: Patience,
  ) {
    this.browser = new Browser({ ca, address: '127.0.0.1' });
  }

  async run(): Promise<void> {
    const name = `Contact ${crypto.randomUUID()}`;
    await this.step('sign in', async () => {
      const page = await signInAndConsent(await this.browser.open(`${FRONTEND}/profile`), demoUsers.alice);
      return isPage(page, demoUsers.alice.username);
    });
    await this.step('add a contact', async () => {
      const form = await this.browser.open(`${FRONTEND}/contacts/new`);
      return isPage(await form.submit('#save', { name }), name);
    });
    await this.step('find the contact', async () =>
      isPage(await this.browser.open(`${FRONTEND}/contacts?search=${encodeURIComponent(name)}`), name),
    );
    await this.step('sign out', async () => {
      const page = await this.browser.open(`${FRONTEND}/`);
      if (!page.has('form[action="/logout"]')) return isPage(page, 'Sign in');
      return isPage(await page.submit('form[action="/logout"]'), '');
    });
  }

  /** Repeats a step that was interrupted, as a person who opens the page again does. */
  private async step(name: string, work: () => Promise<string | undefined>): Promise<void> {
    let problem: string | undefined;
    for (let attempt = 0; attempt < this.patience.attempts; attempt += 1) {
      problem = await work().catch((error: unknown) => String(error));
      if (problem === undefined) return;
      await wait(this.patience.pause);
    }
    throw new Error(`${name}: ${problem}`);
  }
}

/** Returns why a page is not the expected one; undefined if it is. */
function isPage(page: Page, text: string): string | undefined {
  if (page.status === 200 && page.text.includes(text)) return undefined;
  return `${page.status} ${page.url.href} ${page.text.slice(0, 200)}`;
}
