import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.issuer.user = { sub: 'alice', name: undefined };
  frontend.backend.contacts.clear();
  frontend.backend.refuses = undefined;
});

const newContact = (browser: Browser): Promise<Page> => browser.open(`${frontend.url}/contacts/new`);
const text = { name: 'Ada Lovelace', notes: 'Line one\r\nLine <two>' };

describe('a form that changes something', () => {
  it('is refused with 403 when another site sends it', async () => {
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
  ])('is refused with 403 from %j, cookie or not', async (headers) => {
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

  it.each(['', 'x', 'a.b'])(
    'is refused with 403 when its token is %j, and offered again with what was typed',
    async (token) => {
      const browser = new Browser();
      const page = await newContact(browser);
      const answer = await page.submit('#save', { ...text, form_token: token });
      expect(answer.status).toBe(403);
      expect(frontend.backend.contacts.size).toBe(0);
    },
  );

  it('is refused when its token is of another session, even of the same person, and its text is not lost', async () => {
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

describe('a form that finds its session gone', () => {
  it('is kept, and offered again filled in after signing in: the person presses save', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    const offered = await page.submit('#save', text);
    expect(offered.url.pathname).toBe('/contacts/new');
    expect(offered.text).toContain('You had been signed out, so your text was kept');
    expect(frontend.backend.contacts.size).toBe(0);
    expect(offered.form('#save').value('name')).toBe('Ada Lovelace');
    expect(offered.form('#save').value('idempotency_key')).toBe(page.form('#save').value('idempotency_key'));
    await offered.submit('#save');
    expect([...frontend.backend.contacts.values()]).toMatchObject([
      { name: 'Ada Lovelace', notes: 'Line one\nLine <two>' },
    ]);
  });

  it('is kept when the backend is the one who says so', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    frontend.issuer.revokeGrants();
    const offered = await page.submit('#save', text);
    expect(offered.form('#save').value('name')).toBe('Ada Lovelace');
  });

  it('keeps the version that an edit started from', async () => {
    const browser = new Browser();
    const { id } = frontend.backend.add({ name: 'Ada' });
    const page = await browser.open(`${frontend.url}/contacts/${id}/edit`);
    await frontend.forgetSessions();
    frontend.backend.change(id, { phone: '1' });
    const offered = await page.submit('#save', { name: 'Ada Lovelace' });
    expect([offered.url.pathname, offered.form('#save').value('name')]).toEqual([
      `/contacts/${id}/edit`,
      'Ada Lovelace',
    ]);
    expect((await offered.submit('#save')).status).toBe(412);
  });

  it('is offered to nobody else who signs in at the same browser', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    frontend.issuer.user = { sub: 'bob', name: undefined };
    const offered = await page.submit('#save', text);
    expect(offered.url.pathname).toBe('/contacts/new');
    expect(offered.body).not.toContain('Ada Lovelace');
    expect(offered.text).not.toContain('was kept');
  });

  it('is offered in no other browser, not even to the same person', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    const offered = await page.submit('#save', text);
    const elsewhere = await new Browser().open(offered.url);
    expect(elsewhere.status).toBe(200);
    expect(elsewhere.body).not.toContain('Ada Lovelace');
  });

  it('waits encrypted', async () => {
    const browser = new Browser({ stopAt: frontend.issuer.url });
    const page = await signInAndOpen(browser);
    await frontend.forgetSessions();
    await page.submit('#save', text);
    expect((await frontend.databaseText()).includes('Lovelace')).toBe(false);
  });

  it('asks before it deletes when it comes back to a deletion', async () => {
    const browser = new Browser();
    const { id } = frontend.backend.add({ name: 'Ada' });
    const page = await browser.open(`${frontend.url}/contacts/${id}/delete`);
    await frontend.forgetSessions();
    const asked = await page.submit('#delete');
    expect(asked.url.pathname).toBe(`/contacts/${id}/delete`);
    expect(frontend.backend.contacts.size).toBe(1);
    expect((await asked.submit('#delete')).text).toContain('The contact was deleted');
  });
});

describe('a script that finds no session', () => {
  it.each([
    [{ Accept: 'application/json' }],
    [{ Accept: '*/*', 'Sec-Fetch-Mode': 'cors' }],
    [{ Accept: 'text/html', 'Sec-Fetch-Mode': 'cors' }],
  ])('with %j gets 401 and where to sign in, never a redirect', async (headers) => {
    const answer = await fetch(`${frontend.url}/contacts?search=a`, { headers, redirect: 'manual' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({
      title: 'Unauthorized',
      status: 401,
      requestId: expect.any(String),
      signInUrl: '/login?return_to=%2Fcontacts%3Fsearch%3Da',
    });
  });

  it('gets the same for what it posts', async () => {
    const answer = await fetch(`${frontend.url}/contacts`, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Sec-Fetch-Site': 'same-origin' },
      redirect: 'manual',
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ signInUrl: '/login?return_to=%2F' });
  });
});

/** Signs in with a browser that does not follow redirects to the provider, so that they are followed by hand. */
async function signInAndOpen(browser: Browser): Promise<Page> {
  const login = await browser.open(`${frontend.url}/login?return_to=/contacts/new`);
  const authorize = await browser.open(login.location ?? '', { follow: false });
  return browser.open(authorize.location ?? '');
}

const pair = (text: string): [string, string] => {
  const [[name, value]] = [...new URLSearchParams(text)] as [[string, string]];
  return [name, value];
};
