import { Browser, testDatabase } from '@trefoil/testing';
import { randomBytes } from 'node:crypto';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';
import { atOneMoment } from '../testing/later.js';

const SESSION = 'trefoil_frontend_session';
const METRIC = 'unreadable_entries_total';

let frontend: FrontendUnderTest;
/** A replica with another encryption key. */
let replica: string;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
  replica = await frontend.addReplica('0', { ENCRYPTION_KEY: randomBytes(32).toString('base64url') });
});
afterAll(() => frontend.stop());

async function signedIn(): Promise<Browser> {
  const browser = new Browser({ stopAt: frontend.issuer.url });
  await finishSignIn(browser, await startSignIn(browser));
  return browser;
}

/** Starts a sign-in. Returns the URL of the callback. */
async function startSignIn(browser: Browser): Promise<URL> {
  const login = await browser.open(`${frontend.url}/login`);
  const authorize = await browser.open(login.location ?? '', { follow: false });
  if (!authorize.location) throw new Error('no redirect to the callback');
  return authorize.location;
}

const finishSignIn = (browser: Browser, callback: URL) => browser.open(callback, { follow: false });

/** Values that replace a stored one. */
const UNREADABLE: [string, unknown][] = [
  ['has no fields', {}],
  ['is not an object', 'text'],
  ['is a list of numbers', [1, 2]],
];
/** Fields that replace those of a stored value. */
const UNREADABLE_FIELDS: [string, object][] = [
  ['was sealed with another key', { sealed: 'A'.repeat(200) }],
  ['is sealed with nothing inside', { sealed: '' }],
  ['has a field of another type', { sealed: 7 }],
];
const ALL_UNREADABLE = [...UNREADABLE, ...UNREADABLE_FIELDS];

/** Makes the stored entries whose keys start with a prefix unreadable. */
const spoil = (prefix: string, value: unknown) =>
  UNREADABLE.some(([, whole]) => whole === value)
    ? frontend.overwriteEntries(prefix, value)
    : frontend.changeEntries(prefix, value as object);

describe.each(ALL_UNREADABLE)('a session that %s counts as absent', (_, value) => {
  it.each([
    ['/', 200],
    ['/login', 303],
    ['/logout', 200],
    ['/callback', 400],
    ['/contacts', 303],
    ['/contacts/download', 303],
    ['/profile', 303],
  ])('at %s, where the cookie is cleared', async (path, status) => {
    const browser = await signedIn();
    await spoil('session:', value);
    const page = await browser.open(`${frontend.url}${path}`, { follow: false });
    expect(page.status).toBe(status);
    expect(await browser.cookie(SESSION, frontend.url)).toBeUndefined();
  });

  it('and signing in again works', async () => {
    const browser = await signedIn();
    await spoil('session:', value);
    const answer = await finishSignIn(browser, await startSignIn(browser));
    expect(answer.status).toBe(303);
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
  });
});

describe('a session under an encryption key that a replica does not have', () => {
  it('counts as absent there, is counted in /metrics, and stays in the database for the other replicas', async () => {
    const browser = await signedIn();
    const cookie = await browser.cookies.getCookieString(frontend.url);
    const page = await fetch(`${replica}/`, { headers: { cookie, accept: 'text/html' } });
    expect([page.status, page.headers.get('set-cookie')]).toEqual([200, expect.stringContaining(`${SESSION}=;`)]);
    expect(await frontend.metric(METRIC, replica)).toBeGreaterThanOrEqual(1);
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
  });

  it('ends when the provider ends it', async () => {
    const browser = await signedIn();
    const body = new URLSearchParams({ logout_token: frontend.issuer.logoutToken() });
    expect((await fetch(`${replica}/backchannel-logout`, { method: 'POST', body })).status).toBe(200);
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(303);
    await frontend.forgetSessions();
  });
});

describe.each(ALL_UNREADABLE)('an entry that %s', (_, value) => {
  it('counts as absent when it is a started sign-in, and its cookie is cleared', async () => {
    const browser = new Browser({ stopAt: frontend.issuer.url });
    const callback = await startSignIn(browser);
    await spoil('sign-in:', value);
    const page = await browser.open(callback);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('This sign-in cannot go on')]);
    const left = (await browser.cookies.getCookies(frontend.url)).filter(({ key }) => key.includes('sign_in'));
    expect(left).toEqual([]);
  });

  it('counts as absent when it is a kept form, and its cookie is cleared', async () => {
    const browser = await signedIn();
    const page = await browser.open(`${frontend.url}/contacts/new`);
    await frontend.forgetSessions();
    const login = await page.submit('#save', { name: 'Ada' });
    await spoil('held-form:', value);
    await finishSignIn(browser, await startSignIn(browser));
    const path = login.url.searchParams.get('return_to') ?? '';
    expect(path).toContain('held=');
    const shown = await browser.open(`${frontend.url}${path}`);
    expect([shown.status, shown.form('#save').value('name')]).toEqual([200, '']);
    const left = (await browser.cookies.getCookies(frontend.url)).filter(({ key }) => key.includes('held_form'));
    expect(left).toEqual([]);
  });
});

describe.each(UNREADABLE)('an entry that %s', (_, value) => {
  it.each(['sid:', 'sub:', 'ended-'])('counts as absent when its key starts with %s', (prefix) =>
    atOneMoment(async () => {
      const browser = await signedIn();
      await spoil(prefix, value);
      const body = new URLSearchParams({ logout_token: frontend.issuer.logoutToken() });
      expect((await fetch(`${frontend.url}/backchannel-logout`, { method: 'POST', body })).status).toBe(200);
      await spoil(prefix, value);
      const signedInAgain = await finishSignIn(browser, await startSignIn(browser));
      expect(signedInAgain.status).toBe(prefix === 'ended-' ? 303 : 400);
      await frontend.forgetSessions();
      expect((await finishSignIn(browser, await startSignIn(browser))).status).toBe(303);
    }),
  );
});
