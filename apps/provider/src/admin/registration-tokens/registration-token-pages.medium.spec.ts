import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { InitialAccessTokens } from '../../clients/registration/initial-access-tokens.js';
import { RegistrationTokens } from '../../clients/registration/registration-tokens.js';
import { ALL_REFUSED, openAs, refusalOf, wrongSubmissions } from '../../testing/administrator-pages.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

let provider: ProviderUnderTest;
let admin: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(() => {
  admin = new Browser();
});

const open = (path: string): Promise<Page> => openAs(provider, path, 'admin', admin);
const secretOf = (page: Page) => page.document.querySelector('#secret')?.textContent ?? '';
const given = async (description: string) =>
  (await provider.app.get(RegistrationTokens).create({ description }, {})).row.id;

describe('the pages for registration tokens', () => {
  it('accept a form only from an administrator, with its token', async () => {
    for (const path of ['/admin/registration-tokens/new', `/admin/registration-tokens/revoke?id=${await given('x')}`]) {
      expect(await wrongSubmissions(provider, path)).toEqual(ALL_REFUSED);
    }
  });

  it('are for administrators only', async () => {
    expect((await openAs(provider, '/admin/registration-tokens', 'alice')).status).toBe(403);
  });

  it('create a token, which is shown once, in no URL and in no cache; a reload does not repeat it', async () => {
    const values = {
      ...{ description: 'For the shop', default_profile: 'fapi2', expires_at: '2099-01-31T12:00:00Z' },
      allowed_profiles: true,
    };
    const form = await open('/admin/registration-tokens/new');
    const page = await form.submit('#save', values);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await provider.app.get(InitialAccessTokens).findPresented(secretOf(page))).toMatchObject({
      ...{ description: 'For the shop', defaultProfile: 'fapi2', expiresAt: new Date('2099-01-31T12:00:00Z') },
      allowedProfiles: expect.arrayContaining(['oauth2.1', 'oidc', 'fapi2']),
    });
    expect(JSON.stringify(admin.transcript.map(({ request: { url } }) => url))).not.toContain(secretOf(page));
    expect((await form.submit('#save', values)).status).toBe(409);
    const list = await page.click('To the registration tokens');
    expect(list.text).toContain('For the shop');
    expect(list.body).not.toContain(secretOf(page));
  });

  it.each([
    [{ expires_at: 'tomorrow' }, { expires_at: expect.stringContaining('Expires') }],
    [{ expires_at: '2001-01-01T00:00:00Z' }, { expires_at: 'Expires must be in the future.' }],
    [{ allowed_profiles: 'fapi2' }, { allowed_profiles: expect.stringContaining('must include the default profile') }],
  ])('name the field with an error, and keep the entered text: %j', async (wrong, errors) => {
    const values = { description: 'Kept', ...wrong };
    const page = await (await open('/admin/registration-tokens/new')).submit('#save', values);
    expect(refusalOf(page)).toEqual({ status: 400, errors });
    for (const [name, value] of Object.entries(values)) expect(page.form('#save').value(name)).toBe(value);
  });

  it('revoke a token after a confirmation that says what ends', async () => {
    const id = await given('To be revoked');
    const asked = await open(`/admin/registration-tokens/revoke?id=${id}`);
    expect(asked.text).toContain('No more clients can be registered with this token');
    expect((await asked.submit('#confirm')).text).toContain('The registration token was revoked');
    expect((await provider.app.get(RegistrationTokens).find(id)).revokedAt).not.toBeNull();
  });

  it('say that a token does not exist', async () => {
    expect((await open(`/admin/registration-tokens/revoke?id=${randomUUID()}`)).status).toBe(404);
  });
});
