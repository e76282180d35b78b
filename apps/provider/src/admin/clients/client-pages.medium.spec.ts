import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { adminMembers, type ClientInput } from '../../clients/administration/client-input.js';
import { clientJson } from '../../clients/administration/client-json.js';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { ALL_REFUSED, openAs, refusalOf, wrongSubmissions } from '../../testing/administrator-pages.js';
import { ADMINISTRATOR } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { basic, post } from '../../testing/token-requests.js';
import { CLIENT_FIELDS } from './client-form.js';

const CREDENTIALS = { grant_type: 'client_credentials' };

let provider: ProviderUnderTest;
let admin: Browser;
let count = 0;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(() => {
  admin = new Browser();
});

const open = (path: string): Promise<Page> => openAs(provider, path, 'admin', admin);
const secretOf = (page: Page) => page.document.querySelector('#secret')?.textContent ?? '';
const find = async (clientId: string) => clientJson(await provider.app.get(ClientAdministration).find(clientId));
const token = (clientId: string, secret: string) => post(provider, '/token', CREDENTIALS, basic(clientId, secret));

async function givenMachine(members: ClientInput = {}): Promise<{ clientId: string; secret: string }> {
  count += 1;
  const client_id = `machine-${count}`;
  const input = { client_id, grant_types: ['client_credentials'], scope: 'contacts:export', ...members };
  const { secret = '' } = await provider.app.get(ClientAdministration).create(input, {});
  return { clientId: client_id, secret };
}

describe('the pages for clients', () => {
  it.each([
    '/admin/clients/new',
    ...['edit', 'rotate-secret', 'disable', 'enable', 'delete'].map((action) => `/admin/clients/${action}?id=frontend`),
  ])('accept a form only from an administrator, with its token: %s', async (path) => {
    expect(await wrongSubmissions(provider, path)).toEqual(ALL_REFUSED);
  });

  it('are for administrators only', async () => {
    expect((await openAs(provider, '/admin/clients', 'alice')).status).toBe(403);
  });

  it('say that a client or an action does not exist', async () => {
    expect((await open('/admin/clients/edit?id=nothing')).status).toBe(404);
    expect((await open('/admin/clients/ban?id=frontend')).status).toBe(404);
  });

  it('have a field for every member that an administrator can set', () => {
    const names = CLIENT_FIELDS.map(({ name }) => name);
    expect(names.sort()).toEqual(Object.keys(adminMembers).sort());
  });
});

describe('the list of clients', () => {
  it('shows pages in the order of the ids, and can be searched by id and name', async () => {
    for (let each = 10; each < 32; each++) await givenMachine({ client_name: `Robot 100% ${each}` });
    const found = await (await open('/admin/clients')).submit('#search', { search: 'robot 100%' });
    expect(found.document.querySelectorAll('tbody tr')).toHaveLength(20);
    const next = await found.click('Next page');
    expect(next.document.querySelectorAll('tbody tr')).toHaveLength(2);
    expect((await next.submit('#search', { search: 'FRONTEND' })).text).toContain('Trefoil Contacts');
  });
});

describe('the form of a new client', () => {
  it('adds a client and shows its secret once, in no URL and in no cache; a reload does not repeat it', async () => {
    const form = await open('/admin/clients/new');
    const values = {
      ...{ client_id: 'nightly', client_name: 'Nightly', grant_types: 'client_credentials', scope: 'contacts:export' },
    };
    const page = await form.submit('#save', values);
    const secret = secretOf(page);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await token('nightly', secret)).body.access_token).toEqual(expect.any(String));
    expect(JSON.stringify(admin.transcript.map(({ request: { url } }) => url))).not.toContain(secret);
    expect((await form.submit('#save', values)).title).toContain('This form was sent before');
    expect(await provider.dataSource.manager.findOneBy(SecurityEvent, { clientId: 'nightly' })).toMatchObject({
      ...{ type: 'client-registered', actor: ADMINISTRATOR },
    });
  });

  it('adds a client without a secret', async () => {
    const values = {
      ...{ client_id: 'shop', token_endpoint_auth_method: 'none', application_type: 'native' },
      redirect_uris: 'http://127.0.0.1/cb\r\nhttps://shop.example/cb',
    };
    const page = await (await open('/admin/clients/new')).submit('#save', values);
    expect([page.url.pathname, page.text]).toEqual([
      '/admin/clients/edit',
      expect.stringContaining('The client was added'),
    ]);
    expect((await find('shop')).redirect_uris).toEqual(['http://127.0.0.1/cb', 'https://shop.example/cb']);
  });

  it.each([
    [{ client_id: 'frontend' }, 409, { client_id: 'A client frontend already exists.' }],
    [{ client_id: 'a b' }, 400, { client_id: expect.stringContaining('Client id must be 1 to 100 letters') }],
    [{ client_secret: 'weak' }, 400, { client_secret: expect.stringContaining('Client secret must be 16 to 200') }],
    [{ redirect_uris: 'nowhere' }, 400, { redirect_uris: expect.stringContaining('Redirect URIs') }],
    [{ grant_types: false }, 400, { grant_types: 'Grant types must not be empty.' }],
    [{ scope: 'contacts:lost' }, 400, { scope: expect.stringContaining('Scopes has a value') }],
    [{ jwks: '{' }, 400, { jwks: 'Public keys (JWK set) must be JSON.' }],
    [{ default_max_age: 'a day' }, 400, { default_max_age: expect.stringContaining('must be a whole number') }],
    [
      { token_exchange_resources: 'https://lost.example' },
      400,
      { token_exchange_resources: expect.stringContaining('there is no resource server https://lost.example') },
    ],
  ])('names the field with an error, and keeps the entered text: %j', async (wrong, status, errors) => {
    const values = { client_name: 'Kept', redirect_uris: 'https://app.example/cb', contacts: 'a@b.example', ...wrong };
    const page = await (await open('/admin/clients/new')).submit('#save', values);
    expect(refusalOf(page)).toEqual({ status, errors });
    const kept = page.form('#save');
    for (const [name, value] of Object.entries(values)) {
      expect([name, kept.value(name)]).toEqual([name, name === 'client_secret' || !value ? kept.value(name) : value]);
    }
    expect(page.body).not.toContain('weak');
  });
});

describe('the page of a client', () => {
  it('shows every member, and saving it unchanged changes nothing', async () => {
    const { clientId } = await givenMachine({
      ...{ grant_types: ['client_credentials', 'authorization_code', 'refresh_token'], description: 'Does much' },
      ...{ redirect_uris: ['https://app.example/a', 'https://app.example/b'], default_max_age: 60 },
      ...{ response_modes: ['jwt'], require_auth_time: true, contacts: ['a@example.com'] },
      ...{ userinfo_signed_response_alg: 'ES256', backchannel_logout_uri: 'https://app.example/logout' },
    });
    const before = await find(clientId);
    const page = await (await open(`/admin/clients/edit?id=${clientId}`)).submit('#save');
    expect(page.text).toContain('The changes were saved');
    expect(await find(clientId)).toEqual(before);
  });

  it('changes every kind of member', async () => {
    const { clientId } = await givenMachine();
    const values = {
      client_name: 'Renamed',
      description: 'Does it at night',
      contacts: 'a@example.com\nb@example.com',
      redirect_uris: 'https://app.example/cb',
      grant_types: true,
      scope: 'openid contacts:export contacts:read',
      default_max_age: '3600',
      require_auth_time: true,
      response_modes: 'form_post',
      id_token_signed_response_alg: 'PS256',
    };
    const page = await (await open(`/admin/clients/edit?id=${clientId}`)).submit('#save', values);
    expect([page.status, refusalOf(page).errors, page.url.search]).toEqual([
      200,
      {},
      expect.stringContaining('done=saved'),
    ]);
    expect(await find(clientId)).toMatchObject({
      ...values,
      contacts: ['a@example.com', 'b@example.com'],
      redirect_uris: ['https://app.example/cb'],
      grant_types: expect.arrayContaining(['client_credentials', 'authorization_code']),
      default_max_age: 3600,
      response_modes: ['form_post'],
    });
    await (
      await open(`/admin/clients/edit?id=${clientId}`)
    ).submit('#save', { scope: '', description: '', default_max_age: '', response_modes: false });
    expect(await find(clientId)).toMatchObject({
      ...{ scope: '', description: '', default_max_age: null, response_modes: null },
    });
  });

  it('names the field with an error, keeps the entered text, and changes nothing', async () => {
    const { clientId } = await givenMachine();
    const page = await (
      await open(`/admin/clients/edit?id=${clientId}`)
    ).submit('#save', { client_name: 'Kept', tos_uri: 'nowhere' });
    expect(refusalOf(page)).toEqual({
      status: 400,
      errors: { tos_uri: expect.stringMatching(/^Terms of service /) },
    });
    expect(page.form('#save').value('client_name')).toBe('Kept');
    expect((await find(clientId)).client_name).toBe(clientId);
  });

  it('says that somebody else changed the client meanwhile', async () => {
    const { clientId } = await givenMachine();
    const page = await open(`/admin/clients/edit?id=${clientId}`);
    await provider.app.get(ClientAdministration).update(clientId, { client_name: 'Of somebody else' }, {});
    expect((await page.submit('#save', { client_name: 'Mine' })).status).toBe(412);
    expect((await find(clientId)).client_name).toBe('Of somebody else');
  });

  it('shows the secret of a client that begins to authenticate with one', async () => {
    const { clientId } = await givenMachine({
      ...{ grant_types: ['authorization_code'], scope: 'openid', token_endpoint_auth_method: 'none' },
      redirect_uris: ['https://app.example/cb'],
    });
    const page = await (
      await open(`/admin/clients/edit?id=${clientId}`)
    ).submit('#save', { token_endpoint_auth_method: 'client_secret_post' });
    expect([page.status, page.headers.get('cache-control'), secretOf(page)]).toEqual([
      200,
      'no-store',
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
  });

  it('replaces the secret, shows the new one once, and keeps the old one for the chosen time', async () => {
    const { clientId, secret } = await givenMachine();
    const kept = await (await open(`/admin/clients/rotate-secret?id=${clientId}`)).submit('#confirm');
    expect((await token(clientId, secretOf(kept))).status).toBe(200);
    expect((await token(clientId, secret)).status).toBe(200);
    const form = await open(`/admin/clients/rotate-secret?id=${clientId}`);
    const ended = await form.submit('#confirm', { overlap: '0' });
    expect(ended.headers.get('cache-control')).toBe('no-store');
    expect((await form.submit('#confirm', { overlap: '0' })).status).toBe(409);
    await provider.app.get(ClientAdministration).find(clientId);
    expect((await token(clientId, secretOf(ended))).status).toBe(200);
  });

  it('says that a client without a secret has none to replace', async () => {
    const { clientId } = await givenMachine({
      ...{ grant_types: ['authorization_code'], scope: 'openid', token_endpoint_auth_method: 'none' },
      redirect_uris: ['https://app.example/cb'],
    });
    const page = await (await open(`/admin/clients/rotate-secret?id=${clientId}`)).submit('#confirm');
    expect([page.status, page.text]).toEqual([409, expect.stringContaining('has no secrets')]);
  });

  it('disables, enables and deletes, each after a confirmation that says what ends', async () => {
    const { clientId, secret } = await givenMachine();
    const confirm = async (link: string) => {
      const asked = await (await open(`/admin/clients/edit?id=${clientId}`)).click(link);
      return asked.submit('#confirm');
    };
    expect((await open(`/admin/clients/disable?id=${clientId}`)).text).toContain('Every grant and every token');
    expect((await confirm('Disable')).text).toContain('The client is disabled');
    expect((await token(clientId, secret)).status).toBe(401);
    expect((await confirm('Enable')).text).toContain('The client is enabled');
    expect((await token(clientId, secret)).status).toBe(200);
    const deleted = await confirm('Delete');
    expect([deleted.url.pathname, deleted.text]).toEqual([
      '/admin/clients',
      expect.stringContaining('The client was deleted'),
    ]);
    expect((await open(`/admin/clients/edit?id=${clientId}`)).status).toBe(404);
  });
});
