import { Browser, testDatabase, tokensIn } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';
import { later } from '../testing/later.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.issuer.user = { sub: 'alice', name: undefined };
  frontend.issuer.refuses = undefined;
  frontend.issuer.iss = undefined;
  frontend.issuer.tokenAnswer = undefined;
});

const SESSION = 'trefoil_frontend_session';

/** Starts a sign-in and stops before the callback. Returns the URL of the callback. */
async function upToCallback(browser: Browser, path = '/login?return_to=/profile'): Promise<URL> {
  const login = await browser.open(`${frontend.url}${path}`, { follow: false });
  const authorize = await browser.open(login.location ?? '', { follow: false });
  if (!authorize.location) throw new Error('no redirect to the callback');
  return authorize.location;
}

describe('signing in', () => {
  it('leads from a page that requires it through the provider back to that page', async () => {
    const page = await new Browser().open(`${frontend.url}/profile`);
    expect(page.url.href).toBe(`${frontend.url}/profile`);
    expect(page.text).toContain('alice@example.com');
    expect(page.text).toContain('Alice Example');
  });

  it('sends PKCE S256, state, nonce and the backend as resource, and does not request offline access', async () => {
    await new Browser().open(`${frontend.url}/login`);
    expect(Object.fromEntries(frontend.issuer.authorizations.at(-1) ?? [])).toEqual({
      client_id: 'frontend',
      response_type: 'code',
      redirect_uri: `${frontend.url}/callback`,
      scope: 'openid profile email account:read contacts:read contacts:write',
      resource: frontend.backend.url,
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('sends the scopes, prompt, acr_values, max_age and the name of the API that the settings ask for', async () => {
    const replica = await frontend.addReplica('0', {
      SIGN_IN_SCOPE: 'openid offline_access',
      SIGN_IN_PROMPT: 'login consent',
      SIGN_IN_ACR_VALUES: 'urn:mfa',
      SIGN_IN_MAX_AGE: '0',
      RESOURCE_PARAMETER: 'audience',
      BACKEND_AUDIENCE: 'api://backend',
    });
    const { location } = await new Browser().open(`${replica}/login`, { follow: false });
    expect(Object.fromEntries(location?.searchParams ?? [])).toMatchObject({
      scope: 'openid offline_access',
      prompt: 'login consent',
      acr_values: 'urn:mfa',
      max_age: '0',
      audience: 'api://backend',
    });
    expect(location?.searchParams.has('resource')).toBe(false);
  });

  it('works in several tabs at once, and each tab returns to its own page', async () => {
    const browser = new Browser();
    const first = await upToCallback(browser, '/login?return_to=/profile');
    const second = await upToCallback(browser, '/login?return_to=/contacts');
    expect((await browser.open(second)).url.pathname).toBe('/contacts');
    expect((await browser.open(first)).url.pathname).toBe('/profile');
  });

  it('works in tabs that a browser restores together, although all answers set cookies at the same time', async () => {
    const browser = new Browser();
    const paths = ['/profile', '/contacts', '/contacts/new'];
    const callbacks = await Promise.all(paths.map((path) => upToCallback(browser, `/login?return_to=${path}`)));
    const pages = await Promise.all(callbacks.map((callback) => browser.open(callback, { follow: false })));
    expect(pages.map(({ location }) => location?.pathname)).toEqual(paths);
  });

  it('keeps at most ten started sign-ins for each browser, and drops the oldest', async () => {
    const browser = new Browser();
    const callbacks: URL[] = [];
    for (let tab = 0; tab < 12; tab++) callbacks.push(await upToCallback(browser));
    const cookies = await browser.cookies.getCookies(frontend.url);
    expect(cookies.filter(({ key }) => key.startsWith('trefoil_frontend_sign_in_'))).toHaveLength(10);
    expect((await browser.open(callbacks.at(-1) ?? '')).url.pathname).toBe('/profile');
  });

  it('returns to the page when a finished callback is loaded again', async () => {
    const browser = new Browser();
    const callback = await upToCallback(browser);
    await browser.open(callback);
    const before = frontend.issuer.count('POST /token');
    expect((await browser.open(callback)).url.pathname).toBe('/profile');
    expect(frontend.issuer.count('POST /token')).toBe(before);
  });

  it('redeems the code of one callback once, even when it is loaded several times at once', async () => {
    const browser = new Browser();
    const callback = await upToCallback(browser);
    const before = frontend.issuer.count('POST /token');
    const pages = await Promise.all([1, 2, 3, 4].map(() => browser.open(callback, { follow: false })));
    expect(frontend.issuer.count('POST /token')).toBe(before + 1);
    expect(pages.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('explains that a replayed callback was used, when there is no session, and offers to start again', async () => {
    const browser = new Browser();
    const callback = await upToCallback(browser);
    await browser.open(callback);
    await frontend.forgetSessions();
    const page = await browser.open(callback);
    expect(page.status).toBe(400);
    expect(page.text).toContain('used already');
    expect((await page.click('Sign in again')).url.pathname).toBe('/profile');
  });

  it.each(['', '?state=unknown&code=tfc_x', '?code=tfc_x', '?state=a&state=b', '?error=access_denied'])(
    'refuses the callback %j, which belongs to no sign-in, and offers to start again',
    async (query) => {
      const page = await new Browser().open(`${frontend.url}/callback${query}`);
      expect(page.status).toBe(400);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.text).toContain('This sign-in cannot go on');
      expect(page.text).toMatch(/quote [0-9a-f-]{36}/);
      expect(page.body).not.toContain('tfc_');
      expect((await page.click('Sign in again')).status).toBe(200);
    },
  );

  it('refuses a callback that another browser started, so that nobody is signed in to an attacker’s account (RFC 9700 §4.7)', async () => {
    const attacker = new Browser();
    frontend.issuer.user = { sub: 'mallory', name: undefined };
    const callback = await upToCallback(attacker);
    const victim = new Browser();
    const page = await victim.open(callback);
    expect(page.status).toBe(400);
    expect(await victim.cookie(SESSION, frontend.url)).toBeUndefined();
  });

  it('keeps the existing session when a callback of another browser arrives', async () => {
    const callback = await upToCallback(new Browser());
    const victim = new Browser();
    await victim.open(`${frontend.url}/profile`);
    const session = await victim.cookie(SESSION, frontend.url);
    const page = await victim.open(callback);
    expect(page.text).toContain('You stay signed in as Alice Example');
    expect(await victim.cookie(SESSION, frontend.url)).toBe(session);
    expect((await victim.open(`${frontend.url}/profile`)).status).toBe(200);
  });

  it('refuses a response of another issuer (RFC 9207 §2.4)', async () => {
    frontend.issuer.iss = 'https://evil.example';
    const browser = new Browser();
    const page = await browser.open(await upToCallback(browser));
    expect(page.status).toBe(400);
    expect(page.text).toContain('could not be signed in');
  });

  it('refuses a code of another sign-in, because the nonce of its ID token differs (OpenID Connect Core §3.1.3.7)', async () => {
    const browser = new Browser();
    const [mine, other] = [await upToCallback(browser), await upToCallback(new Browser())];
    mine.searchParams.set('code', other.searchParams.get('code') ?? '');
    const page = await browser.open(mine);
    expect(page.status).toBe(400);
    expect(await browser.cookie(SESSION, frontend.url)).toBeUndefined();
  });

  it('explains what to do when the user denied the consent', async () => {
    frontend.issuer.refuses = 'access_denied';
    const page = await new Browser().open(`${frontend.url}/profile`);
    expect(page.status).toBe(403);
    expect(page.text).toContain('You said no');
    frontend.issuer.refuses = undefined;
    expect((await page.click('Sign in again')).url.pathname).toBe('/profile');
  });

  it('creates a session with a new id and ends the previous session (OWASP: session fixation)', async () => {
    const browser = new Browser();
    await browser.open(`${frontend.url}/profile`);
    const before = await browser.cookie(SESSION, frontend.url);
    const sessions = await frontend.countSessions();
    await browser.open(`${frontend.url}/login?return_to=/profile`);
    const after = await browser.cookie(SESSION, frontend.url);
    expect(after).not.toBe(before);
    expect(await frontend.countSessions()).toBe(sessions);
    const old = await fetch(`${frontend.url}/profile`, { headers: { Cookie: `${SESSION}=${before}` } });
    expect(old.status).toBe(401);
  });

  it('does not adopt a session id that the browser made up', async () => {
    const browser = new Browser();
    await browser.cookies.setCookie(`${SESSION}=${'a'.repeat(43)}; Path=/`, frontend.url);
    await browser.open(`${frontend.url}/profile`);
    expect(await browser.cookie(SESSION, frontend.url)).not.toBe('a'.repeat(43));
  });

  it('reads the name from the ID token if it is there, without a request to the backend', async () => {
    frontend.issuer.user = { sub: 'alice', name: 'Alice of the ID token' };
    const before = frontend.backend.requests.length;
    const page = await new Browser().open(`${frontend.url}/login?return_to=/`);
    expect(page.text).toContain('Welcome, Alice of the ID token');
    expect(frontend.backend.requests).toHaveLength(before);
  });

  it('works while the backend is down, without the name', async () => {
    await frontend.backend.stop();
    const page = await new Browser().open(`${frontend.url}/login?return_to=/`);
    await frontend.backend.start();
    expect(page.status).toBe(200);
    expect(page.text).toContain('Your account');
  });

  it('sends no token to the browser, and stores only hashes and ciphertext', async () => {
    const browser = new Browser();
    await browser.open(`${frontend.url}/profile`);
    const callback = await upToCallback(browser);
    await browser.open(callback);
    await browser.open(callback);
    expect(browser.receivedTokens()).toEqual([]);
    const stored = await frontend.databaseText();
    expect(tokensIn(stored)).toEqual([]);
    const secrets = ['alice', 'Alice', callback.searchParams.get('state') ?? ''];
    const found = [...secrets, String(await browser.cookie(SESSION, frontend.url))].filter((text) =>
      stored.includes(text),
    );
    expect(found).toEqual([]);
  });
});

describe('signing in while the provider is down', () => {
  it('shows a 503 page instead of a redirect, and works when the provider is back', async () => {
    await frontend.issuer.stop();
    const page = await later(2, () => new Browser().open(`${frontend.url}/profile`));
    await frontend.issuer.start();
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
    expect(page.text).toContain('The sign-in service cannot be reached at the moment.');
    expect(page.text).not.toMatch(/ECONNREFUSED|Error|\.[jt]s/);
    expect((await page.click('Try again')).status).toBe(200);
  });

  it('shows a 503 page at the callback, which offers to start again and does not loop', async () => {
    const browser = new Browser();
    const callback = await upToCallback(browser);
    frontend.issuer.tokenAnswer = () => [503];
    const page = await browser.open(callback);
    frontend.issuer.tokenAnswer = undefined;
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
    expect(page.text).toContain('Signing in is not possible at the moment');
    expect((await page.click('Sign in again')).url.pathname).toBe('/profile');
  });

  it('does not affect the start page and the readiness check', async () => {
    await frontend.issuer.stop();
    await frontend.backend.stop();
    const [home, ready] = await Promise.all(
      ['/', '/health/ready'].map((path) => fetch(`${frontend.url}${path}`, { headers: { Accept: 'text/html' } })),
    );
    await Promise.all([frontend.issuer.start(), frontend.backend.start()]);
    expect([home?.status, ready?.status]).toEqual([200, 200]);
  });
});
