import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { authorizationUrl } from '../../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const COOKIE = 'trefoil_provider_session';
const KNOWN = 'trefoil_provider_known';
const { alice, bob } = demoUsers;

let provider: ProviderUnderTest;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), {
    SIGN_IN_ATTEMPTS_PER_ACCOUNT: '3',
    SIGN_IN_ATTEMPTS_PER_ADDRESS: '8',
    SIGN_IN_ATTEMPTS_FROM_EVERYWHERE: '6',
    TRUSTED_PROXIES: '1',
  });
});
afterAll(() => provider.stop());
beforeEach(async () => {
  browser = newBrowser();
  await provider.dataSource.query('DELETE FROM rate_limits');
});

const newBrowser = () => new Browser({ stopAt: DEMO.frontend });

/** A new browser in another network. */
const browserAt = (address: string) => new Browser({ stopAt: DEMO.frontend, headers: { 'x-forwarded-for': address } });

const openLogin = (changes?: Parameters<typeof authorizationUrl>[1], by = browser): Promise<Page> =>
  by.open(authorizationUrl(provider.url, changes));

const fail = async (username: string, by = browser) =>
  (await openLogin({ prompt: 'login' }, by)).submit('#login', { username, password: 'wrong' });
const signIn = async (user: { username: string; password: string }, by: Browser) =>
  (await openLogin({ prompt: 'login' }, by)).submit('#login', user);

describe('the sign-in page', () => {
  it('names the application and its host', async () => {
    const page = await openLogin();
    expect(page.text).toMatch('to continue to Trefoil Contacts (localhost:3000)');
  });

  it('fills in the login_hint (OpenID Connect Core §3.1.2.1)', async () => {
    const page = await openLogin({ login_hint: 'alice@example.com' });
    expect(page.form('#login').value('username')).toBe('alice@example.com');
  });

  it('keeps the name but not the password when they do not match', async () => {
    const page = await fail(alice.username);
    expect(page.status).toBe(400);
    expect(page.text).toMatch('The e-mail address or the password is not right');
    expect(page.form('#login').value('username')).toBe(alice.username);
    expect(page.body).not.toMatch('wrong');
  });

  it('answers the same for an account that does not exist', async () => {
    const known = await fail(alice.username);
    const unknown = await fail('nobody@example.com');
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
  });

  it('shows an error beside each field that is missing', async () => {
    const page = await (await openLogin()).submit('#login', { username: '', password: '' });
    expect(page.status).toBe(400);
    expect(page.document.querySelector('#field-username-error')?.textContent).toBe('Enter your e-mail address.');
    expect(page.document.querySelector('#field-password-error')?.textContent).toBe('Enter your password.');
  });

  it('ignores case and surrounding spaces of the name', async () => {
    const page = await (await openLogin()).submit('#login', { ...alice, username: ' ALICE@Example.com ' });
    expect(page.url.pathname).toBe('/consent');
  });

  it('treats a disabled user like one who does not exist', async () => {
    await provider.dataSource.query('UPDATE users SET disabled_at = now() WHERE email = $1', [bob.username]);
    try {
      const page = await (await openLogin()).submit('#login', bob);
      expect(page.text).toMatch('The e-mail address or the password is not right');
    } finally {
      await provider.dataSource.query('UPDATE users SET disabled_at = NULL');
    }
  });
});

describe('the session', () => {
  it('has a new cookie after each sign-in, so that a planted one gives no access (RFC 9700 §4.7)', async () => {
    await browser.cookies.setCookie(`${COOKIE}=planted; Path=/`, provider.url);
    await (await openLogin()).submit('#login', alice);
    const first = await browser.cookie(COOKIE, provider.url);
    await (await openLogin({ prompt: 'login' })).submit('#login', alice);
    const second = await browser.cookie(COOKIE, provider.url);
    expect(new Set(['planted', first, second, undefined])).toHaveProperty('size', 4);
  });

  it('has a cookie that scripts and forms of other sites cannot use', async () => {
    const page = await (await openLogin()).submit('#login', alice);
    const [cookie] = page.hops[0].headers.getSetCookie().filter((each) => each.startsWith(COOKIE));
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Path=\//);
  });

  it('ends when another user signs in, who gets a new one', async () => {
    const consent = await (await openLogin()).submit('#login', alice);
    const old = await browser.cookie(COOKIE, provider.url);
    const switching = await consent.click('Sign in as somebody else');
    expect((await switching.submit('#login', bob)).text).toMatch('You are signed in as bob@example.com');
    const left = newBrowser();
    await left.cookies.setCookie(`${COOKIE}=${old}; Path=/`, provider.url);
    expect((await openLogin({}, left)).has('#login')).toBe(true);
  });
});

describe('failed sign-ins', () => {
  it.each([alice.username, 'nobody@example.com'])(
    'lock the account %s for a while, whether or not it exists',
    async (username) => {
      for (let attempt = 0; attempt < 3; attempt++) expect((await fail(username)).status).toBe(400);
      const page = await (await openLogin()).submit('#login', { username, password: alice.password });
      expect(page.status).toBe(429);
      expect(Number(page.headers.get('retry-after'))).toBeCloseTo(15 * 60, -2);
      expect(page.text).toMatch(/Too many attempts Wait 1[45] minutes, then try again/);
      expect(page.form('#login').value('username')).toBe(username);
    },
  );

  it('are counted without regard to case and surrounding spaces of the name', async () => {
    for (const username of ['ALICE@example.com', ' alice@example.com', 'Alice@Example.com']) await fail(username);
    expect((await fail(alice.username)).status).toBe(429);
  });

  it('cannot exceed the limit by arriving in parallel', async () => {
    const pages = await Promise.all(Array.from({ length: 6 }, () => openLogin({}, newBrowser())));
    const wrong = { ...alice, password: 'wrong' };
    const answers = await Promise.all(pages.map((page) => page.submit('#login', wrong)));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
  });

  it('from one address are limited over all accounts, and do not lock the accounts', async () => {
    for (let attempt = 0; attempt < 8; attempt++) await fail(`person${attempt}@example.com`);
    for (let attempt = 0; attempt < 4; attempt++) expect((await fail(alice.username)).status).toBe(429);
    await provider.dataSource.query(`DELETE FROM rate_limits WHERE key LIKE 'sign-in-network%'`);
    expect((await (await openLogin()).submit('#login', alice)).url.pathname).toBe('/consent');
  });

  it('from one address do not lock the account for other addresses', async () => {
    for (let attempt = 0; attempt < 5; attempt++) await fail(alice.username, browserAt('203.0.113.1'));
    expect((await signIn(alice, browserAt('203.0.113.1'))).status).toBe(429);
    expect((await signIn(alice, browserAt('203.0.113.2:50000'))).url.pathname).toBe('/consent');
  });

  it('from the addresses of one IPv6 network are counted together', async () => {
    for (let host = 1; host <= 3; host++) await fail(alice.username, browserAt(`2001:db8::${host}`));
    expect((await signIn(alice, browserAt('2001:db8::9'))).status).toBe(429);
    expect((await signIn(alice, browserAt('2001:db8:0:1::9'))).url.pathname).toBe('/consent');
  });

  it('from many addresses lock the account for browsers in which nobody has signed in to it, and for no other', async () => {
    const ofAlice = browserAt('198.51.100.1');
    const ofBob = browserAt('198.51.100.2');
    await signIn(alice, ofAlice);
    await signIn(bob, ofBob);
    for (let host = 1; host <= 7; host++) await fail(alice.username, browserAt(`203.0.113.${host}`));
    expect((await signIn(alice, browserAt('198.51.100.3'))).status).toBe(429);
    expect((await signIn(alice, ofBob)).status).toBe(429);
    expect((await signIn(alice, ofAlice)).url.pathname).toBe('/consent');
  });

  it('of strangers in the same network do not lock a browser that has signed in before', async () => {
    const ofAlice = browserAt('203.0.113.1');
    await signIn(alice, ofAlice);
    for (let attempt = 0; attempt < 9; attempt++) await fail(alice.username, browserAt('203.0.113.1'));
    expect((await signIn(alice, ofAlice)).url.pathname).toBe('/consent');
  });

  it('in a browser that has signed in before are limited as well, from whichever address', async () => {
    const ofAlice = newBrowser();
    await signIn(alice, ofAlice);
    const cookie = `${KNOWN}=${await ofAlice.cookie(KNOWN, provider.url)}; Path=/`;
    for (let host = 1; host <= 4; host++) {
      const copy = browserAt(`203.0.113.${host}`);
      await copy.cookies.setCookie(cookie, provider.url);
      expect((await fail(alice.username, copy)).status).toBe(host <= 3 ? 400 : 429);
    }
  });

  it('do not include sign-ins that succeed', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const page = await openLogin({ prompt: 'login' });
      expect((await page.submit('#login', alice)).url.pathname).toBe('/consent');
    }
  });

  it('are recorded with client, address and reason (RFC 9700 §4.14)', async () => {
    await provider.app.get(SecurityEvents).recordRepeated();
    await provider.dataSource.query('TRUNCATE security_events');
    for (let attempt = 0; attempt < 5; attempt++) await fail(alice.username);
    await provider.app.get(SecurityEvents).recordRepeated();
    const events = await provider.dataSource.manager.find(SecurityEvent, { order: { id: 'ASC' } });
    expect(events.map(({ type, outcome, clientId, details }) => ({ type, outcome, clientId, ...details }))).toEqual([
      { ...FAILURE, reason: 'wrong credentials' },
      { ...FAILURE, reason: 'too many attempts' },
      { ...FAILURE, reason: 'wrong credentials', count: '2' },
      { ...FAILURE, reason: 'too many attempts', count: '1' },
    ]);
    expect(events.every(({ address, requestId }) => address && requestId)).toBe(true);
  });

  const FAILURE = { type: 'sign-in', outcome: 'failure', clientId: 'frontend' };
});

describe('the cookie of a browser that has signed in before', () => {
  const marksOf = async (by: Browser) => (await by.cookie(KNOWN, provider.url))?.split('~') ?? [];

  it('cannot be read by scripts, and names no person', async () => {
    const page = await signIn(alice, browser);
    const [cookie = ''] = page.hops[0].headers.getSetCookie().filter((each) => each.startsWith(KNOWN));
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    const [row] = await provider.dataSource.query<{ id: string }[]>('SELECT id FROM users WHERE email = $1', [
      alice.username,
    ]);
    for (const secret of [alice.username, row?.id ?? '']) expect(cookie).not.toContain(secret);
  });

  it('has one mark for each account, and at most five', async () => {
    for (const user of [alice, bob, alice]) await signIn(user, browser);
    expect(await marksOf(browser)).toHaveLength(2);
    await browser.cookies.setCookie(`${KNOWN}=${'a.b~'.repeat(50)}; Path=/`, provider.url);
    await signIn(alice, browser);
    expect(await marksOf(browser)).toHaveLength(5);
  });

  it.each([
    ['made up', () => `${'a'.repeat(43)}.${'b'.repeat(43)}`],
    ['without an id', () => `.${'b'.repeat(43)}`],
    ['with the id of another one', ([mark = '']: string[]) => `${'a'.repeat(43)}.${mark.split('.')[1] ?? ''}`],
  ])('gives no attempts when it is %s', async (_, forge) => {
    await signIn(alice, browser);
    const forged = forge(await marksOf(browser));
    for (let host = 1; host <= 7; host++) await fail(alice.username, browserAt(`203.0.113.${host}`));
    const stranger = browserAt('198.51.100.1');
    await stranger.cookies.setCookie(`${KNOWN}=${forged}; Path=/`, provider.url);
    expect((await signIn(alice, stranger)).status).toBe(429);
  });
});

describe('the sign-in form', () => {
  it.each([
    ['comes from another site', { 'sec-fetch-site': 'cross-site' }],
    ['comes from another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['comes from no page', { 'sec-fetch-site': 'none' }],
    ['comes from another origin, by the header of an old browser', { origin: 'https://evil.example' }],
    ['does not say where it comes from', {}],
  ])('is refused when it %s (RFC 9700 §4.7)', async (_, headers) => {
    const page = await openLogin();
    const body = new URLSearchParams([...page.form('#login').values]);
    body.set('username', alice.username);
    body.set('password', alice.password);
    const cookie = await browser.cookies.getCookieString(provider.url);
    const answer = await fetch(`${provider.url}/login`, {
      method: 'POST',
      headers: { ...(headers as Record<string, string>), cookie, accept: 'text/html' },
      body,
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
  });

  it('is refused without the token of its page', async () => {
    const page = await openLogin();
    const authorization = page.form('#login').value('authorization') ?? '';
    for (const form_token of ['', 'guessed', (await openLogin()).form('#login').value('form_token') ?? '']) {
      const answer = await browser.post(`${provider.url}/login`, { ...alice, authorization, form_token }, page);
      expect([answer.status, answer.has('#error-id')]).toEqual([403, true]);
    }
  });

  it.each([
    ['a NUL in the name', { username: 'alice\0@example.com' }],
    ['a NUL in the password', { password: '\0' }],
    ['a name of 10 kB', { username: 'x'.repeat(10_000) }],
    ['a password of 10 kB', { password: 'x'.repeat(10_000) }],
    ['markup in the name', { username: '"><script>alert(1)</script>' }],
  ])('refuses %s without an error of the server', async (_, values) => {
    const page = await (await openLogin()).submit('#login', { ...alice, ...values });
    expect(page.status).toBe(400);
    expect(page.body).not.toMatch('<script');
  });
});
