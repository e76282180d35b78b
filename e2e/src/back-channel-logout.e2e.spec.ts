import { Browser, demoUsers, stackUrls } from '@trefoil/testing';
import { setTimeout as wait } from 'node:timers/promises';
import { cliClient } from './clients.js';

const frontend = () => stackUrls().frontend;
const CLI_CALLBACK = 'http://127.0.0.1:49152/callback';

/** Alice, signed in at the frontend with a browser that can sign in at another client too. */
async function signedIn(): Promise<Browser> {
  const browser = new Browser({ stopAt: CLI_CALLBACK });
  const login = await browser.open(`${frontend()}/contacts`);
  const page = await login.submit('#login', demoUsers.alice);
  if (page.has('#allow')) await page.submit('#allow');
  return browser;
}

/** Whether the frontend still has the session of a browser; it is not followed to the provider. */
async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.open(`${frontend()}/contacts`, { follow: false })).status === 200;
}

async function isSignedOutSoon(browser: Browser): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await wait(50)) {
    if (!(await isSignedIn(browser))) return true;
  }
  return false;
}

describe('signing out at another client', () => {
  it('ends the session of the frontend, which does nothing for it (Back-Channel Logout §2.5)', async () => {
    const [browser, elsewhere] = [await signedIn(), await signedIn()];
    const cli = await cliClient();
    const tokens = await cli.signIn({ ...demoUsers.alice, browser });
    expect(await isSignedIn(browser)).toBe(true);

    const query = new URLSearchParams({ client_id: 'demo-cli', logout_hint: tokens.claims()?.sid as string });
    await browser.open(`${stackUrls().provider}/end-session?${query.toString()}`);
    expect(await isSignedOutSoon(browser)).toBe(true);

    const again = await browser.open(`${frontend()}/contacts`);
    expect(again.has('#login')).toBe(true);
    expect(await isSignedIn(elsewhere)).toBe(true);
  });
});
