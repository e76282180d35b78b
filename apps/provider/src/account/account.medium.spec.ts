import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { Grants } from '../grants/grants.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { authorizationUrl } from '../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { givenGrant } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(() => provider.dataSource.query('TRUNCATE security_events; DELETE FROM sessions; DELETE FROM consents'));

const newBrowser = () => new Browser({ stopAt: DEMO.frontend });

async function openAccount(browser: Browser, who: keyof typeof demoUsers = 'alice', query = ''): Promise<Page> {
  const page = await browser.open(`${provider.url}/account${query}`);
  return page.has('#login') ? page.submit('#login', demoUsers[who]) : page;
}

/** Gives the frontend Alice's consent, then opens her account. */
async function openAfterConsent(browser: Browser): Promise<Page> {
  const login = await browser.open(authorizationUrl(provider.url));
  await (await login.submit('#login', demoUsers.alice)).submit('#allow');
  return openAccount(browser);
}

const eventsOf = async () =>
  (await provider.dataSource.manager.find(SecurityEvent, { order: { id: 'ASC' } })).map(({ type }) => type);

describe('/account', () => {
  it('asks a person to sign in, without naming an application, and shows their data', async () => {
    const browser = newBrowser();
    const login = await browser.open(`${provider.url}/account`);
    expect([login.url.pathname, login.text]).toEqual(['/login', expect.stringContaining('your account')]);
    const page = await login.submit('#login', demoUsers.alice);
    expect([page.status, page.url.pathname]).toEqual([200, '/account']);
    expect(page.text).toContain('Alice Marie Appleton');
    expect(page.text).toContain('No application yet');
    expect(await provider.dataSource.manager.findOneBy(SecurityEvent, { type: 'sign-in' })).toMatchObject({
      outcome: 'success',
      clientId: null,
    });
  });

  it('cannot be used by a client: a sign-in for it gives no client access', async () => {
    const browser = newBrowser();
    const login = await browser.open(`${provider.url}/account`);
    const id = login.url.searchParams.get('authorization') ?? '';
    await login.submit('#login', demoUsers.alice);
    for (const path of ['/authorize/continue', '/consent']) {
      const page = await browser.open(`${provider.url}${path}?authorization=${id}`);
      expect(page.url.pathname).toBe('/account');
    }
    expect(await provider.dataSource.query('SELECT FROM consents')).toEqual([]);
  });

  it('lists the sessions of the person, and ends one of them', async () => {
    const other = newBrowser();
    await openAccount(other);
    const browser = newBrowser();
    const page = await openAccount(browser);
    expect(page.document.querySelectorAll('#sessions tbody tr')).toHaveLength(2);
    expect(page.text.match(/\(this one\)/g)).toHaveLength(1);
    const done = await page.submit('#sessions tbody tr:nth-child(2) button');
    expect(done.text).toContain('The session has ended');
    expect(done.document.querySelectorAll('#sessions tbody tr')).toHaveLength(1);
    expect((await other.open(`${provider.url}/account`)).url.pathname).toBe('/login');
    expect(await eventsOf()).toContain('session-revoked');
  });

  it('ends everything that was done in a session, also the access of applications that outlives a sign-out', async () => {
    const browser = newBrowser();
    await openAccount(browser);
    const [{ id: sessionId } = { id: '' }] =
      await provider.dataSource.query<{ id: string }[]>('SELECT id FROM sessions');
    const { grant } = await givenGrant(provider, { sessionId, scopes: ['openid', 'offline_access'] });
    const page = await openAccount(browser);
    const own = page.document.querySelectorAll('#sessions tbody tr').findIndex((row) => row.text.includes('this one'));
    await page.submit(`#sessions tbody tr:nth-child(${own + 1}) button`);
    expect((await provider.app.get(Grants).find(grant.id))?.isLive).toBe(false);
  });

  it('signs a person out who ends their current session', async () => {
    const browser = newBrowser();
    const page = await openAccount(browser);
    expect((await page.submit('#sessions button')).text).toContain('You are signed out');
    expect((await browser.open(`${provider.url}/account`)).url.pathname).toBe('/login');
  });

  it('does not end the session of another user', async () => {
    const bob = newBrowser();
    await openAccount(bob, 'bob');
    const [{ id } = { id: '' }] = await provider.dataSource.query<{ id: string }[]>('SELECT id FROM sessions');
    const browser = newBrowser();
    const page = await openAccount(browser);
    const form_token = page.form('#sessions button').value('form_token') ?? '';
    await browser.post(`${provider.url}/account/sessions`, { form_token, session: id }, page);
    expect((await bob.open(`${provider.url}/account`)).url.pathname).toBe('/account');
  });

  it('lists the applications with access, and withdraws it: grants end and consent is asked again', async () => {
    const browser = newBrowser();
    const page = await openAfterConsent(browser);
    const application = page.document.querySelector('[data-client=frontend]')?.textContent;
    expect(application).toContain('Trefoil Contacts');
    expect(application).toContain('see your e-mail address');
    const done = await page.submit('[data-client=frontend] button');
    expect(done.text).toContain('The application has no access any more');
    expect(done.text).toContain('No application yet');
    expect(await provider.dataSource.query('SELECT FROM grants WHERE revoked_at IS NULL')).toEqual([]);
    expect((await eventsOf()).slice(-2)).toEqual(['consent-withdrawn', 'grant-revoked']);
    expect((await browser.open(authorizationUrl(provider.url))).url.pathname).toBe('/consent');
  });

  it('lists events, the newest first, page by page', async () => {
    const browser = newBrowser();
    const page = await openAfterConsent(browser);
    expect(
      page.document.querySelectorAll('#activity tbody tr').map((row) => row.querySelector('th')?.textContent),
    ).toEqual(['Application given access', 'Application allowed', 'Signed in']);
    await provider.dataSource.query(
      `INSERT INTO security_events (type, outcome, user_id) SELECT 'sign-in', 'failure', id FROM users, generate_series(1, 30)
       WHERE email = 'alice@example.com'`,
    );
    const next = await (await openAccount(browser)).click('Next page');
    expect(next.document.querySelectorAll('#activity tbody tr')).toHaveLength(13);
    expect(next.text).toContain('Application allowed');
    expect(next.link('First page').pathname).toBe('/account');
  });

  it('does not show events of another user', async () => {
    await provider.dataSource.query(
      `INSERT INTO security_events (type, outcome, user_id, address) SELECT 'sign-in', 'failure', id, '192.0.2.66' FROM users
       WHERE email = 'bob@example.com'`,
    );
    expect((await openAccount(newBrowser())).text).not.toContain('192.0.2.66');
  });

  it.each(['sessions', 'applications'])('refuses a form for %s from another page', async (path) => {
    const browser = newBrowser();
    const page = await openAccount(browser);
    const values = { form_token: 'guess', client_id: 'frontend', session: 'x' };
    expect((await browser.post(`${provider.url}/account/${path}`, values, page)).status).toBe(403);
    expect((await browser.post(`${provider.url}/account/${path}`, values)).status).toBe(403);
  });
});
