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

describe('a form whose session has ended', () => {
  it('is kept, and shown again filled in after the sign-in, and the user saves it', async () => {
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

  it('is kept when the session ends because the backend refuses its tokens', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    frontend.issuer.revokeGrants();
    const offered = await page.submit('#save', text);
    expect(offered.form('#save').value('name')).toBe('Ada Lovelace');
  });

  it('keeps the version that the edit started from', async () => {
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

  it('is not shown to another user who signs in at the same browser', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    frontend.issuer.user = { sub: 'bob', name: undefined };
    const offered = await page.submit('#save', text);
    expect(offered.url.pathname).toBe('/contacts/new');
    expect(offered.body).not.toContain('Ada Lovelace');
    expect(offered.text).not.toContain('was kept');
  });

  it('is not shown in another browser, not even to the same user', async () => {
    const browser = new Browser();
    const page = await newContact(browser);
    await frontend.forgetSessions();
    const offered = await page.submit('#save', text);
    const elsewhere = await new Browser().open(offered.url);
    expect(elsewhere.status).toBe(200);
    expect(elsewhere.body).not.toContain('Ada Lovelace');
  });

  it('is stored encrypted', async () => {
    const browser = new Browser({ stopAt: frontend.issuer.url });
    const page = await signInAndOpen(browser);
    await frontend.forgetSessions();
    await page.submit('#save', text);
    expect((await frontend.databaseText()).includes('Lovelace')).toBe(false);
  });

  it('asks for confirmation again when it was a deletion', async () => {
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

/** Signs in with a browser that stops at redirects to the provider, and opens the form of a new contact. */
async function signInAndOpen(browser: Browser): Promise<Page> {
  const login = await browser.open(`${frontend.url}/login?return_to=/contacts/new`);
  const authorize = await browser.open(login.location ?? '', { follow: false });
  return browser.open(authorize.location ?? '');
}
