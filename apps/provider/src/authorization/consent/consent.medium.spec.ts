import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { authorizationUrl } from '../../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

let provider: ProviderUnderTest;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(async () => {
  browser = new Browser({ stopAt: DEMO.frontend });
  await provider.dataSource.query('DELETE FROM consents; TRUNCATE security_events');
});

async function openConsent(changes?: Parameters<typeof authorizationUrl>[1]): Promise<Page> {
  const page = await browser.open(authorizationUrl(provider.url, changes));
  return page.has('#login') ? page.submit('#login', demoUsers.alice) : page;
}

const consents = () => provider.dataSource.query<{ scopes: string[] }[]>('SELECT scopes FROM consents');

describe('the consent page', () => {
  it('shows the client, the permissions in plain words, the user and the destination', async () => {
    const { text } = await openConsent({ scope: 'openid email contacts:read contacts:write' });
    expect(text).toMatch('Allow Trefoil Contacts?');
    expect(text).toMatch('You are signed in as alice@example.com');
    for (const words of ['know that it is you', 'see your e-mail address', 'see your contacts', 'localhost:3000']) {
      expect(text).toMatch(words);
    }
  });

  it('leads to the sign-in page when the session has ended', async () => {
    const consent = await openConsent();
    await provider.dataSource.query('UPDATE sessions SET ended_at = now()');
    for (const page of [await browser.open(consent.url), await consent.submit('#allow')]) {
      expect(page.has('#login')).toBe(true);
    }
    expect(await consents()).toEqual([]);
  });

  it('adds permissions to those given before', async () => {
    await (await openConsent({ scope: 'openid' })).submit('#allow');
    await (await openConsent({ scope: 'contacts:read' })).submit('#allow');
    expect((await consents()).map(({ scopes }) => scopes.sort())).toEqual([['contacts:read', 'openid']]);
  });

  it('does not store a refusal, but records it', async () => {
    await (await openConsent()).submit('#deny');
    expect(await consents()).toEqual([]);
    expect(
      await provider.dataSource.query(`SELECT outcome, client_id FROM security_events WHERE type = 'consent'`),
    ).toEqual([{ outcome: 'failure', client_id: 'frontend' }]);
    expect((await openConsent()).url.pathname).toBe('/consent');
  });

  it('refuses a form that was shown to another user', async () => {
    const forAlice = await openConsent();
    const other = await browser.open(authorizationUrl(provider.url, { prompt: 'login' }));
    await other.submit('#login', demoUsers.bob);
    expect((await forAlice.submit('#allow')).status).toBe(403);
    expect(await consents()).toEqual([]);
    expect((await browser.open(forAlice.url)).text).toMatch('You are signed in as bob@example.com');
  });

  it('accepts no decision without its form token or from another site (RFC 9700 §4.7)', async () => {
    const page = await openConsent();
    const authorization = page.form('#allow').value('authorization') ?? '';
    const form_token = page.form('#allow').value('form_token') ?? '';
    const post = (values: Record<string, string>, from?: Page) =>
      browser.post(`${provider.url}/consent`, { decision: 'allow', authorization, ...values }, from);
    expect((await post({ form_token: 'guessed' }, page)).status).toBe(403);
    expect((await post({}, page)).status).toBe(403);
    expect((await post({ form_token })).status).toBe(403);
    expect((await post({ form_token, decision: 'perhaps' }, page)).status).toBe(400);
    expect(await consents()).toEqual([]);
  });
});
