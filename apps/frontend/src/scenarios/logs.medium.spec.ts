import { logOutput } from '@trefoil/server-kit';
import { type Answer, Browser, type Page, testDatabase } from '@trefoil/testing';
import { Readable } from 'node:stream';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';
import { later } from '../testing/later.js';

const { jest } = import.meta;

/** The personal data of this run: claims of the user, and what the user enters. */
const USER = { sub: 'subject-of-logless-alice', name: 'Alice Logless' };
const CONTACT = {
  name: 'Ada Logless',
  email: 'ada@logless.example',
  phone: '+44 20 7946 0999',
  company: 'Logless Engines',
  notes: 'Notes about the logless engine',
};
const OTHER_TEXT = ['searched-for-logless', 'hint@logless.example', 'not-an-address-of-logless'];

let frontend: FrontendUnderTest;
let log = '';
const browsers: Browser[] = [];
const tokens: string[] = [];

beforeAll(async () => {
  jest.spyOn(logOutput, 'write').mockImplementation((line) => {
    log += line;
    return true;
  });
  frontend = await FrontendUnderTest.start(await testDatabase(), { LOG_LEVEL: 'trace', KEPT_FORMS_PER_ADDRESS: '2' });
  frontend.issuer.user = USER;
  frontend.issuer.tokenAnswer = issueAndRecord;
});
afterAll(async () => {
  jest.restoreAllMocks();
  await frontend.stop();
});

function issueAndRecord(usual: () => Answer): Answer {
  const answer = usual();
  tokens.push(...Object.values(answer[1] as object).filter((value) => String(value).length >= 20));
  return answer;
}

function newBrowser(stopAt?: string): Browser {
  const browser = new Browser({ stopAt });
  browsers.push(browser);
  return browser;
}

const open = (browser: Browser, path: string) => browser.open(`${frontend.url}${path}`, { follow: false });

async function signedIn(): Promise<{ browser: Browser; form: Page }> {
  const browser = newBrowser();
  return { browser, form: await browser.open(`${frontend.url}/contacts/new`) };
}

/** Starts a sign-in. Returns the URL of the callback, with its code. */
async function upToCallback(browser: Browser): Promise<URL> {
  const login = await open(browser, '/login');
  const authorize = await browser.open(login.location ?? '', { follow: false });
  return authorize.location ?? new URL('no-callback:');
}

/** Returns the secret values that a browser has seen or sent: of cookies, hidden fields, and parameters of URLs and forms. */
const secretsOf = ({ transcript }: Browser): string[] =>
  transcript
    .flatMap(({ request, headers, body }) => [
      ...headers.getSetCookie().map((cookie) => /=([^;]*)/.exec(cookie)?.[1] ?? ''),
      ...[...body.matchAll(/<input type="hidden" name="[^"]*" value="([^"]*)"/g)].map(([, value = '']) => value),
      ...new URL(headers.get('location') ?? '/', request.url).searchParams.values(),
      ...request.url.searchParams.values(),
      ...new URLSearchParams(request.body ?? '').values(),
    ])
    .filter((value) => value.length >= 20 && !/^(https?:|\/|openid )/.test(value));

describe('the log', () => {
  it('tells what happened', async () => {
    const { browser, form } = await signedIn();
    await open(browser, `/login?iss=${frontend.issuer.url}&login_hint=${OTHER_TEXT[1]}`);
    await open(browser, `/contacts?search=${OTHER_TEXT[0]}`);
    await (await form.submit('#save', CONTACT)).click('Edit');
    await form.submit('#save', { ...CONTACT, email: OTHER_TEXT[2] ?? '' });
    await open(browser, '/contacts/download');
    await open(browser, '/profile');
    for (const text of ['"path":"/contacts/new"', '"path":"/callback"', '"msg":"answered"'])
      expect(log).toContain(text);
  });

  it('tells of answers of the backend that cannot be used', async () => {
    const { browser, form } = await signedIn();
    const useless: Answer[] = [
      [500, CONTACT],
      [429, CONTACT, { 'Retry-After': '60' }],
      [418, CONTACT],
      [409, CONTACT],
      [401, CONTACT, { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${CONTACT.email}"` }],
      [200, { items: [{ ...CONTACT, id: CONTACT.email }] }],
    ];
    for (const answer of useless) {
      frontend.backend.refuses = answer;
      await form.submit('#save', CONTACT);
      await open(browser, '/profile');
    }
    frontend.backend.refuses = undefined;
    expect(log).toContain('A form could not be saved');
    frontend.backend.lines = () =>
      Readable.from([JSON.stringify(CONTACT)]).on('end', function (this: Readable) {
        this.destroy(new Error('broken'));
      });
    await open(browser, '/contacts/download').catch(() => undefined);
  });

  it('tells of sign-ins and refreshes that fail', async () => {
    const browser = newBrowser();
    for (const change of ['iss', 'code', 'state']) {
      const callback = await upToCallback(browser);
      callback.searchParams.set(change, `changed-${callback.searchParams.get(change)}`);
      await browser.open(callback);
    }
    const refusals: Answer[] = [
      [400, { error: 'invalid_grant', error_description: `${USER.sub} ${CONTACT.email}` }],
      [500, { error: CONTACT.email }],
      [200, { access_token: CONTACT.email }],
      'broken',
    ];
    for (const refusal of refusals) {
      const callback = await upToCallback(browser);
      const { form } = await signedIn();
      frontend.issuer.tokenAnswer = () => refusal;
      await browser.open(callback, { follow: false });
      await later(601, () => form.submit('#save', CONTACT));
      frontend.issuer.tokenAnswer = issueAndRecord;
    }
    expect(log).toContain('a sign-in failed');
    const logout_token = frontend.issuer.logoutToken({ sub: USER.sub, sid: undefined, aud: CONTACT.email });
    tokens.push(logout_token);
    await newBrowser().post(`${frontend.url}/backchannel-logout`, { logout_token });
  });

  it('tells of forms that are kept or refused', async () => {
    const { browser, form } = await signedIn();
    await form.submit('#save', { ...CONTACT, form_token: 'changed-form-token-of-logless' });
    await frontend.forgetSessions();
    browsers.push(browser);
    for (let time = 0; time < 4; time++) await form.submit('#save', CONTACT);
    expect(log).toContain('Too Many Requests');
  });

  it('tells of a database that fails, and of entries that cannot be read', async () => {
    const { browser, form } = await signedIn();
    await frontend.withoutDatabase(() => form.submit('#save', CONTACT));
    const refused = await frontend.withRefusedWrites(() => open(browser, '/login?return_to=/contacts'));
    expect(refused.status).toBe(500);
    expect(log).toContain('23514');
    await frontend.changeEntries('session:', { sealed: 'A'.repeat(100) });
    await open(browser, '/contacts');
    expect(log).toContain('cannot be read');
  });

  it('holds no token, no secret, no name, no e-mail address, no note and no other content of forms', () => {
    const secrets = [...tokens, ...browsers.flatMap(secretsOf), frontend.encryptionKey, 'frontend-test-secret'];
    const personal = [...Object.values(USER), ...Object.values(CONTACT), ...OTHER_TEXT, 'logless', 'Alice Example'];
    expect(secrets.length).toBeGreaterThan(200);
    const text = `${log}${decodeURIComponent(log.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25'))}`.toLowerCase();
    expect([...new Set([...secrets, ...personal])].filter((value) => text.includes(value.toLowerCase()))).toEqual([]);
  });
});
