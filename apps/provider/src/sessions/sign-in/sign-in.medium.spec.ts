import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { authorizationUrl } from '../../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const COOKIE = 'trefoil_provider_session';
const { alice, bob } = demoUsers;

let provider: ProviderUnderTest;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), {
    SIGN_IN_ATTEMPTS_PER_ACCOUNT: '3',
    SIGN_IN_ATTEMPTS_PER_ADDRESS: '8',
  });
});
afterAll(() => provider.stop());
beforeEach(async () => {
  browser = newBrowser();
  await provider.dataSource.query('DELETE FROM rate_limits');
});

const newBrowser = () => new Browser({ stopAt: DEMO.frontend });

const openLogin = (changes?: Parameters<typeof authorizationUrl>[1], by = browser): Promise<Page> =>
  by.open(authorizationUrl(provider.url, changes));

const fail = async (username: string) => (await openLogin()).submit('#login', { username, password: 'wrong' });

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
    await provider.dataSource.query(`DELETE FROM rate_limits WHERE key LIKE 'sign-in-address%'`);
    expect((await (await openLogin()).submit('#login', alice)).url.pathname).toBe('/consent');
  });

  it('do not include sign-ins that succeed', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const page = await openLogin({ prompt: 'login' });
      expect((await page.submit('#login', alice)).url.pathname).toBe('/consent');
    }
  });

  it('are recorded with client, address and reason (RFC 9700 §4.14)', async () => {
    await provider.dataSource.query('TRUNCATE security_events');
    for (let attempt = 0; attempt < 4; attempt++) await fail(alice.username);
    const events = await provider.dataSource.manager.find(SecurityEvent, { order: { id: 'ASC' } });
    expect(events.map(({ type, outcome, clientId, details }) => ({ type, outcome, clientId, ...details }))).toEqual([
      ...Array<object>(3).fill({ ...FAILURE, reason: 'wrong credentials' }),
      { ...FAILURE, reason: 'too many attempts' },
    ]);
    expect(events.every(({ address, requestId }) => address && requestId)).toBe(true);
  });

  const FAILURE = { type: 'sign-in', outcome: 'failure', clientId: 'frontend' };
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
