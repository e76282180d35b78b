import { Browser, demoUsers, stackDatabaseUrls, stackUrls, tokensIn } from '@trefoil/testing';
import pg from 'pg';

/** Signs alice in from a page that needs it, without JavaScript. */
async function signIn(browser: Browser, path: string) {
  const login = await browser.open(`${stackUrls().frontend}${path}`);
  let page = await login.submit('#login', demoUsers.alice);
  if (page.has('#allow')) page = await page.submit('#allow');
  return page;
}

describe('the journey of a person whose browser has no JavaScript', () => {
  const browser = new Browser();
  const frontend = () => stackUrls().frontend;

  it('starts on a page that says what this is', async () => {
    const page = await browser.open(`${frontend()}/`);
    expect(page.status).toBe(200);
    expect(page.has('h1')).toBe(true);
    expect(page.link('Sign in').pathname).toBe('/login');
  });

  it('leads from the profile through sign-in and consent back to the profile', async () => {
    const page = await signIn(browser, '/profile');
    expect(page.url.href).toBe(`${frontend()}/profile`);
    expect(page.text).toContain('alice@example.com');
    expect(page.text).toContain('Alice Marie Appleton');
  });

  it('adds, finds, edits and deletes a contact', async () => {
    const form = await browser.open(`${frontend()}/contacts/new`);
    const added = await form.submit('#save', { name: 'Ada Lovelace', email: 'ada@example.com', notes: '<b>first</b>' });
    expect(added.text).toContain('Ada Lovelace');
    expect(added.body).not.toContain('<b>first</b>');

    const found = await browser.open(`${frontend()}/contacts?search=lovel`);
    expect(found.text).toContain('ada@example.com');

    const edited = await (await added.click('Edit')).submit('#save', { company: 'Analytical Engines' });
    expect(edited.text).toContain('Analytical Engines');

    const deleted = await (await edited.click('Delete')).submit('#delete');
    expect(deleted.url.pathname).toBe('/contacts');
    expect((await browser.open(`${frontend()}/contacts?search=lovel`)).text).not.toContain('ada@example.com');
  });

  it('shows what is wrong beside the field, and keeps what was typed', async () => {
    const form = await browser.open(`${frontend()}/contacts/new`);
    const page = await form.submit('#save', { name: 'Ada', email: 'not an address', phone: '0123' });
    expect(page.text).toContain('ust be an e-mail address');
    expect(Object.fromEntries(page.form('#save').values)).toMatchObject({
      name: 'Ada',
      email: 'not an address',
      phone: '0123',
    });
  });

  it('is signed in again without a question when only the frontend has forgotten it (single sign-on)', async () => {
    await browser.cookies.setCookie('trefoil_frontend_session=; Max-Age=0; Path=/', frontend());
    const page = await browser.open(`${frontend()}/contacts`);
    expect(page.url.href).toBe(`${frontend()}/contacts`);
    expect(page.hops.map(({ request }) => request.url.pathname)).toEqual([
      '/contacts',
      '/login',
      '/authorize',
      '/callback',
      '/contacts',
    ]);
  });

  it('has no token that can be read in any database', async () => {
    for (const connectionString of Object.values(stackDatabaseUrls())) {
      const client = new pg.Client({ connectionString });
      await client.connect();
      const { rows: tables } = await client.query<{ name: string }>(
        `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
      );
      for (const { name } of tables) {
        const { rows } = await client.query<{ text: string }>(`SELECT row_to_json(t)::text AS text FROM ${name} t`);
        expect(rows.flatMap(({ text }) => tokensIn(text))).toEqual([]);
      }
      await client.end();
    }
  });

  it('signs out of both servers', async () => {
    const home = await browser.open(`${frontend()}/profile`);
    const out = await home.submit('form[action="/logout"]');
    expect(out.url.origin).toBe(frontend());
    const again = await browser.open(`${frontend()}/profile`);
    expect(again.has('#login')).toBe(true);
  });

  it('shows the browser no token, from beginning to end', () => {
    expect(browser.transcript.length).toBeGreaterThan(20);
    expect(browser.receivedTokens()).toEqual([]);
  });
});

describe('saying no', () => {
  it('on the consent page leads to a page that says so, and on from there (RFC 6749 §4.1.2.1)', async () => {
    const browser = new Browser();
    const login = await browser.open(`${stackUrls().frontend}/login`);
    const consent = await login.submit('#login', demoUsers.admin);
    const page = await consent.submit('#deny');
    expect(page.url.origin).toBe(stackUrls().frontend);
    expect(page.has('a[href]')).toBe(true);
    expect(page.url.searchParams.get('error')).toBe('access_denied');
  });
});
