import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { UsageCounter } from '../security-events/usage/usage-counter.js';
import { ADMINISTRATOR, givenAccountTokens, request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(() => provider.dataSource.query('TRUNCATE security_events'));

async function open(path = '/admin', who: keyof typeof demoUsers = 'admin', browser = new Browser()): Promise<Page> {
  const page = await browser.open(`${provider.url}${path}`);
  if (!page.has('#login')) return page;
  const home = await page.submit('#login', demoUsers[who]);
  return path === '/admin' ? home : browser.open(`${provider.url}${path}`);
}

describe('/admin', () => {
  it('is for administrators only', async () => {
    for (const path of ['/admin', '/admin/events', `/admin/user?id=${ALICE}`, '/admin/find?name=frontend']) {
      const page = await open(path, 'alice');
      expect([page.status, page.title]).toEqual([403, expect.stringContaining('This page is for administrators')]);
    }
  });

  it('begins with unusual activity and usage', async () => {
    await givenAccountTokens(provider);
    await provider.app.get(UsageCounter).flush();
    await provider.dataSource.query(
      `INSERT INTO security_events (type, outcome, user_id, details)
       VALUES ('anomaly', 'failure', $1, '{"rule": "reuse", "reused": "code-reuse"}')`,
      [ALICE],
    );
    const { text } = await open();
    expect(text).toContain('Unusual activity: a code or a refresh token was used twice');
    expect(text).toMatch(/Trefoil Contacts.*alice@example\.com/);
  });

  it('shows the state of deliveries to clients, and why they fail', async () => {
    expect((await open()).text).toContain('Nothing to deliver');
    const { grant } = await givenAccountTokens(provider);
    await provider.dataSource.query(
      `INSERT INTO event_streams (id, client_id, delivery, status, status_reason, watermark, since)
       VALUES (gen_random_uuid(), 'backend', 'poll', 'paused', 'nobody has polled for a week', '1', now())`,
    );
    await provider.dataSource.query(
      `INSERT INTO logout_deliveries (id, client_id, user_id, session_id, attempts, next_attempt_at, last_error)
       VALUES (gen_random_uuid(), 'frontend', $1, $2, 3, now() + interval '1 hour', 'the answer was 500')`,
      [ALICE, grant.sessionId],
    );
    const { text } = await open();
    expect(text).toMatch(/Security events, fetched paused .* nobody has polled for a week/);
    expect(text).toMatch(/The end of a session waiting, 3 attempts .* the answer was 500/);
  });

  it('says so when there is no unusual activity', async () => {
    expect((await open()).text).toContain('Nothing unusual');
  });

  it('finds a user by e-mail address or id and a client by its id, and says when there is none', async () => {
    const find = async (name: string) => (await open()).submit('#find', { name });
    expect((await find(' ALICE@example.com ')).title).toContain('alice@example.com');
    expect((await find(ALICE)).title).toContain('alice@example.com');
    expect((await find('marketing-sync')).title).toContain('Marketing Sync');
    const none = await find('nobody');
    expect([none.status, none.title]).toEqual([404, expect.stringContaining('No such user or application')]);
  });

  it('ends every session of a user, and records the administrator', async () => {
    const { accessToken } = await givenAccountTokens(provider);
    const page = await (await open(`/admin/user?id=${ALICE}`)).submit('#revoke');
    expect(page.text).toContain('Every session of this user has ended');
    expect((await request(provider, '/api/account', { token: accessToken })).status).toBe(401);
    expect(await provider.dataSource.manager.findOneBy(SecurityEvent, { type: 'user-tokens-revoked' })).toMatchObject({
      ...{ userId: ALICE, actor: ADMINISTRATOR },
    });
    expect(page.text).toContain('by admin@example.com');
  });

  it('ends every token of a client', async () => {
    const { accessToken } = await givenAccountTokens(provider);
    await (await open('/admin/client?id=frontend')).submit('#revoke');
    expect((await request(provider, '/api/account', { token: accessToken })).status).toBe(401);
    expect(await provider.dataSource.manager.findOneBy(SecurityEvent, { type: 'client-tokens-revoked' })).toMatchObject(
      {
        ...{ clientId: 'frontend', actor: ADMINISTRATOR },
      },
    );
  });

  it('refuses a form of another page, or of a person who is not an administrator', async () => {
    const browser = new Browser();
    const page = await open('/admin', 'admin', browser);
    const values = { form_token: 'guess', user: ALICE };
    expect((await browser.post(`${provider.url}/admin/revoke`, values, page)).status).toBe(403);
    expect((await browser.post(`${provider.url}/admin/revoke`, values)).status).toBe(403);
    const alice = new Browser();
    const own = await (await alice.open(`${provider.url}/account`)).submit('#login', demoUsers.alice);
    const form_token = own.form('#sessions button').value('form_token') ?? '';
    expect((await alice.post(`${provider.url}/admin/revoke`, { form_token, user: ALICE }, own)).status).toBe(403);
    const recorded = await provider.dataSource.manager.countBy(SecurityEvent, { type: 'user-tokens-revoked' });
    expect(recorded).toBe(0);
  });
});

describe('/admin/events', () => {
  it('shows the events that match the filter, page by page, and keeps the filter', async () => {
    await provider.dataSource.query(
      `INSERT INTO security_events (type, outcome, client_id)
       SELECT 'client-authentication', 'failure', 'frontend' FROM generate_series(1, 60)`,
    );
    const page = await (await open('/admin/events')).submit('#filter', { client: 'frontend', outcome: 'failure' });
    expect(page.document.querySelectorAll('tbody tr')).toHaveLength(50);
    const next = await page.click('Next page');
    expect(next.document.querySelectorAll('tbody tr')).toHaveLength(10);
    expect(next.form('#filter').value('client')).toBe('frontend');
  });

  it('names the field that is invalid, and keeps the text that was typed', async () => {
    const page = await open('/admin/events?user=alice&type=sign-in');
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('Enter an id')]);
    expect([page.form('#filter').value('user'), page.form('#filter').value('type')]).toEqual(['alice', 'sign-in']);
  });

  it('says so when no event matches', async () => {
    expect((await open('/admin/events?grant=a11ce000-0000-4000-8000-00000000000f')).text).toContain('No events');
  });
});
