import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { givenDevice, openDevice, pollDevice } from '../testing/device-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';

let provider: ProviderUnderTest;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), { DEVICE_ATTEMPTS_PER_ADDRESS: '5' });
});
afterAll(() => provider.stop());
beforeEach(async () => {
  browser = new Browser();
  await provider.dataSource.query('DELETE FROM rate_limits; TRUNCATE security_events');
});

const enter = async (code: string): Promise<Page> =>
  (await browser.open(`${provider.url}/device`)).submit('#continue', { user_code: code });

describe('the verification page', () => {
  it('asks for the code, then for the sign-in, then for consent (RFC 8628 §3.3)', async () => {
    const device = await givenDevice(provider);
    const login = await enter(device.user_code);
    expect(login.text).toContain('to continue to Demo CLI (another device)');
    const consent = await login.submit('#login', demoUsers.alice);
    expect(consent.text).toContain('Connect Demo CLI?');
    expect(consent.text).toContain('see your e-mail address');
    const done = await consent.submit('#allow');
    expect([done.status, done.title]).toEqual([200, expect.stringContaining('Your device is connected')]);
    expect((await pollDevice(provider, device)).status).toBe(200);
  });

  it('does not ask a signed-in user to sign in', async () => {
    await openDevice(browser, await givenDevice(provider));
    expect((await openDevice(browser, await givenDevice(provider))).url.pathname).toBe('/device/continue');
  });

  it('takes the code from the URL, and still asks for consent (RFC 8628 §3.3.1)', async () => {
    const device = await givenDevice(provider);
    const consent = await openDevice(browser, device);
    expect(consent.has('#allow')).toBe(true);
    expect((await pollDevice(provider, device)).body.error).toBe('authorization_pending');
  });

  it('warns of codes from other people, and shows the code for comparison (RFC 8628 §5.4)', async () => {
    const device = await givenDevice(provider);
    const { text } = await openDevice(browser, device);
    expect(text).toContain(device.user_code);
    expect(text).toContain('If somebody sent you this code');
  });

  it('asks for consent for every device, whatever was allowed before', async () => {
    await (await openDevice(browser, await givenDevice(provider))).submit('#allow');
    expect((await openDevice(browser, await givenDevice(provider))).has('#allow')).toBe(true);
  });

  it('accepts the code in lower case and with other separators (RFC 8628 §6.1)', async () => {
    const { user_code } = await givenDevice(provider);
    const typed = ` ${user_code.toLowerCase().replace('-', ' ')} `;
    expect((await enter(typed)).has('#login')).toBe(true);
  });

  it.each(['WRNG-CODE', 'x', '<b>', '%00'.repeat(3)])('refuses the code %j, which no device has', async (code) => {
    const page = await enter(code);
    expect([page.status, page.has('#failure')]).toEqual([400, true]);
    expect(page.body).not.toContain('<b>');
  });

  it('limits the number of wrong codes from one address (RFC 8628 §5.1)', async () => {
    for (let tried = 0; tried < 5; tried++) expect((await enter('BBBB-BBBB')).status).toBe(400);
    const page = await enter((await givenDevice(provider)).user_code);
    expect([page.status, page.has('#continue')]).toEqual([429, true]);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('does not count correct codes', async () => {
    for (let tried = 0; tried < 7; tried++) {
      expect((await enter((await givenDevice(provider)).user_code)).status).toBe(200);
    }
  });

  it('records the decision', async () => {
    await (await openDevice(browser, await givenDevice(provider))).submit('#deny');
    const events = await provider.dataSource.query<object[]>(
      `SELECT outcome, client_id FROM security_events WHERE type = 'consent'`,
    );
    expect(events).toEqual([{ outcome: 'failure', client_id: 'demo-cli' }]);
  });

  it('accepts one decision: the same form sent again is answered 410', async () => {
    const device = await givenDevice(provider);
    const consent = await openDevice(browser, device);
    await consent.submit('#allow');
    expect((await consent.submit('#deny')).status).toBe(410);
    expect((await pollDevice(provider, device)).status).toBe(200);
  });

  it('accepts one decision for a device, from whichever browser', async () => {
    const device = await givenDevice(provider);
    const other = await openDevice(new Browser(), device);
    await (await openDevice(browser, device)).submit('#deny');
    expect((await other.submit('#allow')).status).toBe(410);
    expect((await pollDevice(provider, device)).body.error).toBe('access_denied');
  });

  it('shows that the code has expired', async () => {
    const device = await givenDevice(provider);
    const consent = await openDevice(browser, device);
    await provider.dataSource.query(`UPDATE device_authorizations SET expires_at = now()`);
    expect((await browser.open(consent.url)).status).toBe(410);
    const late = await consent.submit('#allow');
    expect([late.status, late.text]).toEqual([410, expect.stringContaining('took too long')]);
  });

  it('accepts no decision from another site, without the form token, or from another browser (RFC 9700 §4.7)', async () => {
    const device = await givenDevice(provider);
    const consent = await openDevice(browser, device);
    const authorization = consent.form('#allow').value('authorization') ?? '';
    const form_token = consent.form('#allow').value('form_token') ?? '';
    const answer = { authorization, form_token, decision: 'allow' };
    expect((await browser.post(`${provider.url}/device`, answer)).status).toBe(403);
    expect((await browser.post(`${provider.url}/device`, { ...answer, form_token: 'x' }, consent)).status).toBe(403);
    expect((await browser.post(`${provider.url}/device`, { ...answer, decision: 'x' }, consent)).status).toBe(400);
    const other = new Browser();
    const page = await other.open(`${provider.url}/device`);
    expect((await other.post(`${provider.url}/device`, answer, page)).status).toBe(404);
    expect((await pollDevice(provider, device)).body.error).toBe('authorization_pending');
  });

  it('refuses a form that was shown to another user', async () => {
    const forAlice = await openDevice(browser, await givenDevice(provider));
    const login = await forAlice.click('Sign in as somebody else');
    await login.submit('#login', demoUsers.bob);
    expect((await forAlice.submit('#allow')).status).toBe(403);
  });

  it('issues no authorization code when its pending authorization is taken to the authorization endpoint', async () => {
    const consent = await openDevice(browser, await givenDevice(provider));
    const authorization = consent.form('#allow').value('authorization') ?? '';
    const page = await browser.open(`${provider.url}/authorize/continue?authorization=${authorization}`);
    expect(page.url.pathname).toBe('/device/continue');
  });
});
