import { Browser, demoUsers, signInAndConsent, stackDatabaseUrls, stackUrls, tokensIn } from '@trefoil/testing';
import pg from 'pg';

describe('the journey of a user whose browser has no JavaScript', () => {
  const browser = new Browser();
  const frontend = () => stackUrls().frontend;

  it('starts on a page with a heading and a link to sign in', async () => {
    const page = await browser.open(`${frontend()}/`);
    expect(page.status).toBe(200);
    expect(page.has('h1')).toBe(true);
    expect(page.link('Sign in').pathname).toBe('/login');
  });

  it('goes from the profile through sign-in and consent back to the profile', async () => {
    const page = await signInAndConsent(await browser.open(`${frontend()}/profile`));
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

  it('shows an error beside the field, and keeps the typed values', async () => {
    const form = await browser.open(`${frontend()}/contacts/new`);
    const page = await form.submit('#save', { name: 'Ada', email: 'not an address', phone: '0123' });
    expect(page.text).toContain('ust be an e-mail address');
    expect(Object.fromEntries(page.form('#save').values)).toMatchObject({
      name: 'Ada',
      email: 'not an address',
      phone: '0123',
    });
  });

  it('signs in without a page when only the session of the frontend is gone (single sign-on)', async () => {
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

  it('leaves no readable token in any database', async () => {
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

  it('signs out at the frontend and the provider', async () => {
    const home = await browser.open(`${frontend()}/profile`);
    const out = await home.submit('form[action="/logout"]');
    expect(out.url.origin).toBe(frontend());
    const again = await browser.open(`${frontend()}/profile`);
    expect(again.has('#login')).toBe(true);
  });

  it('never sends a token to the browser', () => {
    expect(browser.transcript.length).toBeGreaterThan(20);
    expect(browser.receivedTokens()).toEqual([]);
  });
});

describe('denying consent', () => {
  it('leads to a page of the frontend with the error and a link (RFC 6749 §4.1.2.1)', async () => {
    const browser = new Browser();
    const login = await browser.open(`${stackUrls().frontend}/login`);
    const consent = await login.submit('#login', demoUsers.admin);
    const page = await consent.submit('#deny');
    expect(page.url.origin).toBe(stackUrls().frontend);
    expect(page.has('a[href]')).toBe(true);
    expect(page.url.searchParams.get('error')).toBe('access_denied');
  });
});
