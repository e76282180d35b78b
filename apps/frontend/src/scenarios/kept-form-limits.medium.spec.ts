import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

const LIMIT = 5;
/** The largest row that a kept form may take, with its encryption and encoding. */
const LARGEST_ROW_BYTES = 24 * 1024;

let frontend: FrontendUnderTest;

beforeAll(async () => {
  const settings = { KEPT_FORMS_PER_ADDRESS: String(LIMIT), TRUSTED_PROXIES: '1' };
  frontend = await FrontendUnderTest.start(await testDatabase(), settings);
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.backend.contacts.clear();
  frontend.backend.refuses = undefined;
});

let lastAddress = 0;
/** Returns a browser at an address of its own. */
const newBrowser = (address = `203.0.113.${++lastAddress}`) =>
  new Browser({ headers: { 'x-forwarded-for': address }, stopAt: frontend.issuer.url });

/** Signs in with a browser that stops at redirects to the provider, and opens the form of a new contact. */
async function newContact(browser: Browser): Promise<Page> {
  const login = await browser.open(`${frontend.url}/login?return_to=/contacts/new`);
  const authorize = await browser.open(login.location ?? '', { follow: false });
  return browser.open(authorize.location ?? '');
}

const keptForms = () => frontend.countEntries('held-form:');
const text = { name: 'Ada Lovelace', notes: 'Line one\r\nLine <two>' };

describe('a form of a browser that was never signed in', () => {
  it.each(['', 'x', 'a.b', 'a.b.c'])(
    'is not stored: with the form token %j its text stays in the page',
    async (token) => {
      const before = await keptForms();
      const browser = newBrowser();
      const values = { form_token: token, name: 'Mallory', notes: 'x'.repeat(60_000) };
      const answer = await browser.post(`${frontend.url}/contacts`, values, await browser.open(frontend.url));
      expect([answer.status, answer.form('#save').value('name')]).toEqual([401, 'Mallory']);
      expect(await keptForms()).toBe(before);
    },
  );
});

describe('the forms of one network that are kept', () => {
  it('are limited: beyond KEPT_FORMS_PER_ADDRESS the answer is a 429 page with Retry-After and the text (RFC 6585 §4)', async () => {
    const browser = newBrowser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    for (let count = 0; count < LIMIT; count++) expect((await page.submit('#save', text)).status).toBe(303);
    const kept = await keptForms();
    const refused = await page.submit('#save', text);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.text).toContain('Sign in in another tab');
    expect(refused.form('#save').value('name')).toBe('Ada Lovelace');
    expect(await keptForms()).toBe(kept);
    // The text is still there after a sign-in in another tab.
    await newContact(browser);
    const shown = await refused.submit('#save');
    expect([shown.status, shown.form('#save').value('notes')]).toEqual([429, 'Line one\r\nLine <two>']);
    expect((await shown.submit('#save')).text).toContain('The contact was added');
  });

  it('do not use up the limit of another network', async () => {
    const browser = newBrowser('192.0.2.1');
    const pages = [await newContact(browser), await newContact(newBrowser('192.0.2.2'))];
    await frontend.forgetSessions();
    for (let count = 0; count <= LIMIT; count++) await pages[0]?.submit('#save', text);
    expect((await pages[0]?.submit('#save', text))?.status).toBe(429);
    expect((await pages[1]?.submit('#save', text))?.status).toBe(303);
  });
});

describe('a kept form', () => {
  it('holds the fields of its page only, in a row of limited size', async () => {
    const browser = newBrowser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    const body = page.form('#save').submission({ ...text, notes: 'x'.repeat(10_000) }).body;
    const url = new URL(`${frontend.url}/contacts`);
    await browser.navigate('POST', url, { body: `${body}&junk=${'y'.repeat(40_000)}`, from: page });
    expect(await frontend.longestEntry('held-form:')).toBeLessThan(LARGEST_ROW_BYTES);
  });

  it('is not stored when its text is too long: the page shows the text, and saves it after a sign-in in another tab', async () => {
    const browser = newBrowser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    const before = await keptForms();
    const notes = 'x'.repeat(50_000);
    const shown = await page.submit('#save', { ...text, notes });
    expect([shown.status, shown.form('#save').value('notes')]).toEqual([401, notes]);
    expect(shown.text).toContain('Sign in in another tab');
    expect(await keptForms()).toBe(before);
    await newContact(browser);
    const refused = await shown.submit('#save');
    expect(refused.status).toBe(403);
    const saved = await refused.submit('#save', { notes: 'shorter' });
    expect(saved.text).toContain('The contact was added');
  });

  it('that was sent by another user is not offered with the form token of the user who is signed in', async () => {
    const browser = newBrowser();
    const page = await newContact(browser);
    frontend.issuer.user = { sub: 'bob', name: undefined };
    await newContact(browser);
    frontend.issuer.user = { sub: 'alice', name: undefined };
    const shown = await page.submit('#save', { ...text, notes: 'x'.repeat(50_000) });
    expect(shown.status).toBe(403);
    expect((await shown.submit('#save', { notes: '' })).status).toBe(403);
    expect(frontend.backend.contacts.size).toBe(0);
  });
});
