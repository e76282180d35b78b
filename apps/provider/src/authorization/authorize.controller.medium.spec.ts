import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { Grant } from '../grants/grant.entity.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { authorizationUrl, CALLBACK } from '../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';

type Changes = Parameters<typeof authorizationUrl>[1];

const NATIVE = { client_id: 'demo-cli', redirect_uri: 'http://127.0.0.1:51004/callback', scope: 'openid' };

let provider: ProviderUnderTest;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(async () => {
  browser = newBrowser();
  await provider.dataSource.query('DELETE FROM consents');
});

const newBrowser = () => new Browser({ stopAt: [DEMO.frontend, 'http://127.0.0.1'] });

const ask = (changes?: Changes, by = browser): Promise<Page> => by.open(authorizationUrl(provider.url, changes));

const signIn = (page: Page, who: keyof typeof demoUsers = 'alice') => page.submit('#login', demoUsers[who]);

const askSignInAndAllow = async (changes?: Changes) => (await signIn(await ask(changes))).submit('#allow');

/** Returns the parameters of the response to the client. */
function answerIn(page: Page): Record<string, string> {
  if (!page.location) throw new Error(`no redirect to the client but ${page.status}: ${page.text}`);
  return Object.fromEntries(page.location.searchParams);
}

const grantCount = () => provider.dataSource.manager.count(Grant);

describe('an authorization', () => {
  it('leads through sign-in and consent back to the client with code, state and iss (RFC 6749 §4.1.2, RFC 9207 §2)', async () => {
    const login = await ask();
    expect(login.url.pathname).toBe('/login');
    const consent = await signIn(login);
    expect(consent.url.pathname).toBe('/consent');
    const callback = await consent.submit('#allow');
    expect(callback.location?.href).toMatch(`${CALLBACK}?`);
    expect(answerIn(callback)).toEqual({
      code: expect.stringMatching(/^tfc_[\w-]+$/),
      state: 'the-state',
      iss: provider.url,
    });
  });

  it('stores the request and the sign-in in the grant', async () => {
    await provider.dataSource.query('DELETE FROM grants');
    await askSignInAndAllow();
    const [grant] = await provider.dataSource.manager.find(Grant);
    expect(grant).toMatchObject({
      clientId: 'frontend',
      redirectUri: CALLBACK,
      scopes: ['openid', 'email', 'contacts:read'],
      resources: [DEMO.backend, `${provider.url}/api`],
      nonce: 'the-nonce',
      codeChallenge: expect.stringMatching(/^[\w-]{43}$/),
      amr: ['pwd'],
      codeRedeemedAt: null,
    });
  });

  it('can be requested by a form (OpenID Connect Core §3.1.2.1)', async () => {
    const form = Object.fromEntries(authorizationUrl(provider.url).searchParams);
    const login = await browser.post(`${provider.url}/authorize`, form);
    expect(login.url.pathname).toBe('/login');
    expect(answerIn(await (await signIn(login)).submit('#allow'))).toHaveProperty('code');
  });

  it('needs no page when the user is signed in and has allowed the same before', async () => {
    await askSignInAndAllow();
    expect(answerIn(await ask())).toHaveProperty('code');
    expect(answerIn(await ask({ scope: 'openid' }))).toHaveProperty('code');
  });

  it('asks for consent again when more scopes are requested (RFC 6749 §10.2)', async () => {
    await askSignInAndAllow();
    const consent = await ask({ scope: 'openid email contacts:read contacts:write' });
    expect(consent.url.pathname).toBe('/consent');
  });

  it('asks for consent every time for a client that another program could impersonate (RFC 8252 §8.6)', async () => {
    await askSignInAndAllow(NATIVE);
    expect((await ask(NATIVE)).url.pathname).toBe('/consent');
  });

  it('lets a native app listen on any port of a loopback address (RFC 8252 §7.3)', async () => {
    const callback = await askSignInAndAllow(NATIVE);
    expect(callback.location?.origin).toBe('http://127.0.0.1:51004');
  });

  it('makes a grant outlive the session only with offline_access (OpenID Connect Core §11)', async () => {
    await provider.dataSource.query('DELETE FROM grants');
    await askSignInAndAllow({ scope: 'openid' });
    await (await ask({ scope: 'openid offline_access' })).submit('#allow');
    const grants = await provider.dataSource.manager.find(Grant, { order: { createdAt: 'ASC' } });
    const days = grants.map(({ expiresAt, createdAt }) => (expiresAt.getTime() - createdAt.getTime()) / 86_400_000);
    expect(days).toEqual([expect.closeTo(7, 1), expect.closeTo(30, 1)]);
  });

  it('is answered access_denied when the user denies it (RFC 6749 §4.1.2.1)', async () => {
    const callback = await (await signIn(await ask())).submit('#deny');
    expect(answerIn(callback)).toMatchObject({ error: 'access_denied', state: 'the-state', iss: provider.url });
    expect(answerIn(callback)).not.toHaveProperty('code');
  });

  it('never redirects with a status that repeats a form (RFC 9700 §4.12)', async () => {
    const callback = await askSignInAndAllow();
    for (const { status } of [...browser.transcript, ...callback.hops]) expect([307, 308]).not.toContain(status);
  });

  it('sends no other site a full Referer, and cannot be framed (RFC 9700 §4.2.4, §4.16)', async () => {
    const signIn = await ask({ prompt: 'consent' });
    for (const { headers } of [signIn, await signIn.submit('#login', demoUsers.alice)]) {
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-frame-options')).toBe('DENY');
    }
  });

  it('is not cached', async () => {
    await askSignInAndAllow();
    const controls = browser.transcript.map(({ headers }) => headers.get('cache-control'));
    expect(new Set(controls)).toEqual(new Set(['no-store']));
  });
});

describe('several authorizations in one browser', () => {
  it('continue independently, each with its own response', async () => {
    const first = await ask({ state: 'first' });
    const second = await ask({ state: 'second' });
    const secondConsent = await signIn(second);
    const firstConsent = await signIn(first);
    expect(answerIn(await firstConsent.submit('#allow'))).toMatchObject({ state: 'first', code: expect.any(String) });
    expect(answerIn(await secondConsent.submit('#allow'))).toMatchObject({ state: 'second', code: expect.any(String) });
  });

  it('are all kept when they start at the same time', async () => {
    const pages = await Promise.all(['a', 'b', 'c'].map((state) => ask({ state })));
    await askSignInAndAllow();
    const again = await Promise.all(pages.map((page) => browser.open(page.url)));
    expect(again.map((page) => answerIn(page).state)).toEqual(['a', 'b', 'c']);
  });

  it('need no second sign-in in a tab that waits at the sign-in page', async () => {
    const waiting = await ask({ state: 'waiting' });
    await askSignInAndAllow();
    expect(answerIn(await browser.open(waiting.url))).toMatchObject({ state: 'waiting', code: expect.any(String) });
  });

  it('are limited to 20', async () => {
    for (let count = 0; count < 25; count++) await ask();
    const cookies = await browser.cookies.getCookies(provider.url);
    expect(cookies.filter(({ key }) => key.startsWith('trefoil_provider_authorization_'))).toHaveLength(20);
  });
});

describe('an authorization that cannot continue', () => {
  it.each(['/login', '/consent'])('is explained at %s when it does not exist', async (path) => {
    for (const query of ['', '?authorization=unknown', `?authorization=${'x'.repeat(43)}`]) {
      const page = await browser.open(provider.url + path + query);
      expect([page.status, page.title]).toEqual([404, expect.stringContaining('cannot go on')]);
      expect(page.link('Go to the start page').pathname).toBe('/');
    }
  });

  it('expires, and its page links to the application', async () => {
    const login = await ask();
    await provider.dataSource.query(
      `UPDATE state_entries SET value = jsonb_set(value::jsonb, '{expiresAt}', '1')::json WHERE key LIKE 'authorization:%'`,
    );
    for (const page of [await browser.open(login.url), await signIn(login)]) {
      expect([page.status, page.title]).toEqual([410, expect.stringContaining('took too long')]);
      expect(page.link('Go to Trefoil Contacts').href).toBe(`${DEMO.frontend}/`);
    }
  });

  it('cannot be continued in another browser (RFC 9700 §4.7)', async () => {
    const login = await ask();
    const thief = newBrowser();
    await signIn(await ask({}, thief), 'bob');
    for (const path of ['login', 'consent', 'authorize/continue']) {
      const page = await thief.open(`${provider.url}/${path}${login.url.search}`);
      expect([page.status, page.text]).toEqual([404, expect.not.stringContaining('Trefoil Contacts')]);
    }
  });

  it('accepts no sign-in with the form of another browser (RFC 9700 §4.7)', async () => {
    const victim = newBrowser();
    const attackers = await ask();
    const values = Object.fromEntries(attackers.form('#login').values);
    const page = await victim.post(`${provider.url}/login`, { ...values, ...demoUsers.alice }, await ask({}, victim));
    expect(page.status).toBe(404);
    expect(await victim.cookie('trefoil_provider_session', provider.url)).toBeUndefined();
  });

  it('gets one response, however often the user returns to it', async () => {
    const consent = await signIn(await ask());
    await consent.submit('#allow');
    const before = await grantCount();
    for (const page of [
      await consent.submit('#allow'),
      await consent.submit('#deny'),
      await browser.open(consent.url),
    ]) {
      expect([page.status, page.title]).toEqual([410, expect.stringContaining('finished')]);
      expect(page.link('Go to Trefoil Contacts').href).toBe(`${DEMO.frontend}/`);
    }
    expect(await grantCount()).toBe(before);
  });

  it('gets one response when consent is submitted several times at once', async () => {
    const consent = await signIn(await ask());
    const before = await grantCount();
    const pages = await Promise.all([1, 2, 3, 4].map(() => consent.submit('#allow')));
    expect(pages.filter((page) => page.location)).toHaveLength(1);
    expect(await grantCount()).toBe(before + 1);
  });

  it('shows that its client is no longer registered', async () => {
    const consent = await signIn(await ask());
    await provider.dataSource.query(
      `UPDATE state_entries SET value = jsonb_set(value::jsonb, '{request,clientId}', '"gone"')::json`,
    );
    for (const page of [
      await browser.open(consent.url),
      await consent.submit('#allow'),
      await consent.submit('#deny'),
    ]) {
      expect([page.status, page.text]).toEqual([400, expect.stringContaining('no longer registered')]);
    }
  });
});

describe('prompt and max_age', () => {
  const silently = { prompt: 'none' };

  it('none refuses when nobody is signed in (OpenID Connect Core §3.1.2.6)', async () => {
    expect(answerIn(await ask(silently))).toMatchObject({
      error: 'login_required',
      state: 'the-state',
      iss: provider.url,
    });
  });

  it('none refuses without consent (OpenID Connect Core §3.1.2.6)', async () => {
    await signIn(await ask());
    expect(answerIn(await ask(silently))).toMatchObject({ error: 'consent_required' });
  });

  it('none responds without a page when nothing is missing (OpenID Connect Core §3.1.2.1)', async () => {
    await askSignInAndAllow();
    const callback = await ask(silently);
    expect(answerIn(callback)).toHaveProperty('code');
    expect(callback.hops).toHaveLength(1);
  });

  it('none never shows a page for a request by a form', async () => {
    const form = Object.fromEntries(authorizationUrl(provider.url, silently).searchParams);
    const callback = await browser.post(`${provider.url}/authorize`, form);
    expect(answerIn(callback)).toMatchObject({ error: 'login_required' });
  });

  it('none refuses when the sign-in is older than max_age (OpenID Connect Core §3.1.2.1)', async () => {
    await askSignInAndAllow();
    await makeSignInsOlder(60);
    expect(answerIn(await ask({ ...silently, max_age: '59' }))).toMatchObject({ error: 'login_required' });
    expect(answerIn(await ask({ ...silently, max_age: '90' }))).toHaveProperty('code');
  });

  it.each([{ prompt: 'login' }, { prompt: 'select_account' }, { max_age: '0' }])(
    'asks a signed-in user to sign in again, once, for %j (OpenID Connect Core §3.1.2.1)',
    async (changes) => {
      await askSignInAndAllow();
      await makeSignInsOlder(1);
      const login = await ask(changes);
      expect(login.url.pathname).toBe('/login');
      expect(answerIn(await signIn(login))).toHaveProperty('code');
    },
  );

  it('consent asks again for permissions that were already given (OpenID Connect Core §3.1.2.1)', async () => {
    await askSignInAndAllow();
    const consent = await ask({ prompt: 'consent' });
    expect(consent.url.pathname).toBe('/consent');
    expect(answerIn(await consent.submit('#allow'))).toHaveProperty('code');
  });

  const makeSignInsOlder = (seconds: number) =>
    provider.dataSource.query(`UPDATE sessions SET authenticated_at = now() - make_interval(secs => $1)`, [seconds]);
});

describe('an error in a request', () => {
  it.each<[string, Changes]>([
    ['client_id is missing', { client_id: undefined }],
    ['client_id is unknown', { client_id: 'nobody' }],
    ['client_id is repeated', { client_id: ['frontend', 'frontend'] }],
    ['redirect_uri is missing', { redirect_uri: undefined }],
    ['redirect_uri is not registered', { redirect_uri: 'https://evil.example/callback' }],
    ['redirect_uri is repeated', { redirect_uri: [CALLBACK, 'https://evil.example/callback'] }],
    ['the client has no redirect_uri', { client_id: 'marketing-sync' }],
    ['a parameter has a NUL', { state: 'a\0b' }],
  ])('is shown to the user and never redirected when %s (RFC 6749 §4.1.2.1)', async (_, changes) => {
    const page = await ask({ ...changes, response_type: 'nonsense' });
    expect([page.status, page.location]).toEqual([400, undefined]);
    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(page.text).toMatch('This sign-in cannot be started');
    expect(page.has('#error-id')).toBe(true);
  });

  it.each<[string, Changes]>([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { response_mode: 'fragment' }],
    ['invalid_request', { code_challenge: undefined, code_challenge_method: undefined }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_scope', { scope: 'contacts:export' }],
    ['invalid_target', { resource: 'https://unknown.example' }],
    ['invalid_request', { prompt: 'none login' }],
    ['invalid_request', { max_age: 'soon' }],
    ['invalid_request_object', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
    ['request_uri_not_supported', { request_uri: 'https://client.example/request' }],
    ['invalid_request', { nonce: ['a', 'b'] }],
    ['registration_not_supported', { registration: '{}' }],
  ])('is sent to the client as %s with state and iss: %j (RFC 6749 §4.1.2.1, RFC 9207 §2)', async (error, changes) => {
    const page = await ask(changes);
    expect(page.location?.href).toMatch(`${CALLBACK}?`);
    expect(answerIn(page)).toEqual({
      error,
      error_description: expect.any(String),
      state: 'the-state',
      iss: provider.url,
    });
  });

  it('is sent without a state that was repeated (RFC 6749 §3.1)', async () => {
    const answer = answerIn(await ask({ state: ['a', 'b'] }));
    expect(answer).toEqual({ error: 'invalid_request', error_description: expect.any(String), iss: provider.url });
  });

  it('is described without text from the request', async () => {
    const page = await ask({ 'Call 555-0100 to unlock your account': '\0' });
    expect([page.status, page.text]).toEqual([400, expect.not.stringContaining('555')]);
  });

  it('is reported for a body that is not a form', async () => {
    const answer = await fetch(`${provider.url}/authorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(authorizationUrl(provider.url).searchParams)),
    });
    expect(answer.status).toBe(400);
  });
});

describe('hostile parameters', () => {
  const HOSTILE = ['\0', 'a\uD800b', '%', '"><script>alert(1)</script>', "'; DROP TABLE clients; --", '\r\nX: y', '💥'];
  const NAMES = [
    ...['client_id', 'redirect_uri', 'scope', 'state', 'nonce', 'resource', 'prompt', 'max_age', 'login_hint'],
    ...['claims', 'id_token_hint', 'response_mode', 'acr_values', 'ui_locales', 'display'],
  ];

  it.each(NAMES)('in %s cause no server error and no markup in a page', async (name) => {
    for (const value of [...HOSTILE, 'x'.repeat(10_000)]) {
      const page = await ask({ [name]: value });
      expect(page.status).toBeLessThan(500);
      expect(page.body).not.toMatch('<script');
    }
  });

  it('are returned unchanged: a state of 2 KB comes back whole', async () => {
    const state = 's'.repeat(2048);
    expect(answerIn(await askSignInAndAllow({ state }))).toMatchObject({ state, code: expect.any(String) });
  });

  it.each(['/login', '/consent', '/authorize/continue', '/end-session', '/end-session/confirm', '/'])(
    'at %s cause no server error',
    async (path) => {
      for (const value of [...HOSTILE, 'x'.repeat(10_000)]) {
        for (const name of ['authorization', 'client_id', 'id_token_hint', 'logout_hint', 'state']) {
          const query = new URLSearchParams([[name, value], ...(value === '%' ? [[name, value]] : [])]);
          const page = await browser.open(`${provider.url}${path}?${query.toString()}`);
          expect(page.status).toBeLessThan(500);
        }
      }
    },
  );

  it('in a cookie cause no server error', async () => {
    const login = await ask();
    for (const value of ['%00', '1.', 'x'.repeat(3000), '%E0%A4%A']) {
      for (const { key } of await browser.cookies.getCookies(provider.url)) {
        await browser.cookies.setCookie(`${key}=${value}; Path=/`, provider.url);
      }
      await browser.cookies.setCookie(`trefoil_provider_session=${value}; Path=/`, provider.url);
      expect((await browser.open(login.url)).status).toBe(404);
      expect((await ask()).status).toBe(200);
    }
  });
});

describe('security events', () => {
  it('record sign-in, consent and grant with user, client and address (RFC 9700 §4.14)', async () => {
    await provider.dataSource.query('TRUNCATE security_events');
    await askSignInAndAllow();
    const events = await provider.dataSource.manager.find(SecurityEvent, { order: { id: 'ASC' } });
    const common = {
      outcome: 'success',
      userId: expect.any(String),
      sessionId: expect.any(String),
      clientId: 'frontend',
      address: expect.stringMatching(/127\.0\.0\.1|::1/),
      requestId: expect.any(String),
    };
    expect(events).toEqual([
      expect.objectContaining({ ...common, type: 'sign-in' }),
      expect.objectContaining({ ...common, type: 'consent', details: { scope: 'openid email contacts:read' } }),
      expect.objectContaining({ ...common, type: 'grant-created', details: { scope: 'openid email contacts:read' } }),
    ]);
  });
});
