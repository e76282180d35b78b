import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.backend.contacts.clear();
});

const newContact = (browser: Browser): Promise<Page> => browser.open(`${frontend.url}/contacts/new`);
const text = { name: 'Ada Lovelace', notes: 'Line one\r\nLine <two>' };

describe('a form that changes something', () => {
  it('is refused with 403 when another site submits it', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    const values = Object.fromEntries(page.form('#save').submission(text).body?.split('&').map(pair) ?? []);
    const answer = await browser.post(`${frontend.url}/contacts`, values);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('not sent from a page of this site');
    expect(frontend.backend.contacts.size).toBe(0);
  });

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ 'Sec-Fetch-Site': 'none' }],
    [{ Origin: 'https://evil.example' }],
    [{ Origin: 'null' }],
    [{}],
  ])('is refused with 403 with the headers %j, even with the session cookie', async (headers) => {
    const browser = new Browser();
    const page = await newContact(browser);
    const answer = await fetch(`${frontend.url}/contacts`, {
      method: 'POST',
      body: new URLSearchParams(page.form('#save').submission(text).body),
      headers: { ...headers, Cookie: await browser.cookies.getCookieString(frontend.url) },
    });
    expect(answer.status).toBe(403);
    expect(frontend.backend.contacts.size).toBe(0);
  });

  it.each(['', 'x', 'a.b'])('is refused with 403 when its form token is %j', async (token) => {
    const browser = new Browser();
    const page = await newContact(browser);
    const answer = await page.submit('#save', { ...text, form_token: token });
    expect(answer.status).toBe(403);
    expect(frontend.backend.contacts.size).toBe(0);
  });

  it('is refused when its form token is of another session, even of the same user, and its text is not lost', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    await browser.open(`${frontend.url}/login`);
    const refused = await page.submit('#save', text);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('nothing was changed');
    const offered = await refused.click('Show what I entered');
    expect(offered.form('#save').value('name')).toBe('Ada Lovelace');
    expect((await offered.submit('#save')).text).toContain('The contact was added');
  });
});

const pair = (text: string): [string, string] => {
  const [[name, value]] = [...new URLSearchParams(text)] as [[string, string]];
  return [name, value];
};
