import { waitUntil } from '@trefoil/local-stack';
import { Browser, signInAndConsent, demoUsers, stackUrls } from '@trefoil/testing';
import { cliClient } from '../clients/demo-clients.js';

const frontend = () => stackUrls().frontend;
const CLI_CALLBACK = 'http://127.0.0.1:49152/callback';

/** Signs alice in at the frontend, with a browser that can also sign in at another client. */
async function signedIn(): Promise<Browser> {
  const browser = new Browser({ stopAt: CLI_CALLBACK });
  await signInAndConsent(await browser.open(`${frontend()}/contacts`));
  return browser;
}

/** Returns whether the frontend has a session for a browser. */
async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.open(`${frontend()}/contacts`, { follow: false })).status === 200;
}

describe('signing out at the provider', () => {
  it('ends the session of the frontend through a logout token (Back-Channel Logout §2.5)', async () => {
    const [browser, elsewhere] = [await signedIn(), await signedIn()];
    const cli = await cliClient();
    const tokens = await cli.signIn({ ...demoUsers.alice, browser });
    expect(await isSignedIn(browser)).toBe(true);

    // Only clients that accept logout tokens, or registered for it, get a `sid`.
    expect(tokens.claims()).not.toHaveProperty('sid');
    const query = new URLSearchParams({ id_token_hint: tokens.id_token ?? '' });
    await browser.open(`${stackUrls().provider}/end-session?${query.toString()}`);
    expect(await waitUntil(async () => !(await isSignedIn(browser)), { timeout: 10_000 })).toBe(true);

    const again = await browser.open(`${frontend()}/contacts`);
    expect(again.has('#login')).toBe(true);
    expect(await isSignedIn(elsewhere)).toBe(true);
  });
});
