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
    [{ Referer: 'https://evil.example/contacts/new' }],
    [{ Referer: 'http://localhost.evil.example/' }],
    [{ Referer: 'not a URL' }],
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

  it.each([{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: '' }, { Referer: '' }])(
    'is accepted with the header %j of this site alone, if its form token is right too',
    async (given) => {
      const [[name, value = '']] = Object.entries(given) as [[string, string]];
      const headers = { [name]: value || `${frontend.url}${name === 'Referer' ? '/contacts/new' : ''}` };
      const browser = new Browser();
      const page = await newContact(browser);
      const cookie = await browser.cookies.getCookieString(frontend.url);
      const send = (values: Record<string, string>) =>
        fetch(`${frontend.url}/contacts`, {
          method: 'POST',
          body: new URLSearchParams(page.form('#save').submission({ ...text, ...values }).body),
          headers: { ...headers, Accept: 'text/html', Cookie: cookie },
          redirect: 'manual',
        });
      expect((await send({ form_token: 'a.b.c' })).status).toBe(403);
      expect(frontend.backend.contacts.size).toBe(0);
      expect((await send({})).status).toBe(303);
      expect(frontend.backend.contacts.size).toBe(1);
    },
  );

  it.each(['', 'x', 'a.b', 'a.b.c'])(
    'is refused with 403 when its form token is %j, and shown again with the text that was entered',
    async (token) => {
      const browser = new Browser();
      const page = await newContact(browser);
      const answer = await page.submit('#save', { ...text, form_token: token });
      expect(answer.status).toBe(403);
      expect(frontend.backend.contacts.size).toBe(0);
      expect(answer.form('#save').value('notes')).toBe(text.notes);
      expect((await answer.submit('#save')).text).toContain('The contact was added');
      expect([...frontend.backend.contacts.values()]).toMatchObject([{ name: 'Ada Lovelace' }]);
    },
  );

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
