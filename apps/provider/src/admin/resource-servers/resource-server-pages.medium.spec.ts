import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { resourceServerJson } from '../../resource-servers/resource-server-json.js';
import { ResourceServerRegistrations } from '../../resource-servers/resource-server-registrations.js';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { ALL_REFUSED, openAs, refusalOf, wrongSubmissions } from '../../testing/administrator-pages.js';
import { ADMINISTRATOR } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

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
const pathTo = (action: string, identifier: string) =>
  `/admin/resource-servers/${action}?id=${encodeURIComponent(identifier)}`;
const find = async (identifier: string) =>
  resourceServerJson(await provider.app.get(ResourceServerRegistrations).find(identifier));

async function givenServer(): Promise<string> {
  count += 1;
  const identifier = `https://api${count}.example`;
  const scopes = ['read', 'write'].map((verb) => ({
    ...{ name: `things${count}:${verb}`, description: `${verb} your things` },
    granted_to: ['users' as const],
  }));
  const content = { identifier, name: `Things ${count}`, scopes, user_clients: ['frontend'] };
  await provider.app.get(ResourceServerRegistrations).create(content, {});
  return identifier;
}

describe('the pages for resource servers', () => {
  it.each(['new', 'edit', 'delete'])('accept a form only from an administrator, with its token: %s', async (action) => {
    expect(await wrongSubmissions(provider, pathTo(action, `${provider.url}/api`))).toEqual(ALL_REFUSED);
  });

  it('are for administrators only', async () => {
    expect((await openAs(provider, '/admin/resource-servers', 'alice')).status).toBe(403);
  });

  it('say that a resource server does not exist', async () => {
    expect((await open(pathTo('edit', 'https://lost.example'))).status).toBe(404);
  });

  it('list the resource servers with their scopes', async () => {
    const identifier = await givenServer();
    const { text } = await open('/admin/resource-servers');
    expect(text).toContain(identifier);
    expect(text).toContain(`things${count}:read, things${count}:write`);
  });
});

describe('the form of a new resource server', () => {
  const SERVER = {
    ...{ identifier: 'https://calendar.example', name: 'Calendar', access_token_lifetime: '120' },
    ...{ user_clients: 'frontend\n', client_id: 'backend' },
    ...{ 'scopes.1.name': 'events:write', 'scopes.1.description': 'add to your calendar' },
  };

  it('adds a server with its scopes', async () => {
    const page = await (
      await open('/admin/resource-servers/new')
    ).submit('#save', { ...SERVER, 'scopes.1.granted_to': 'users' });
    expect([page.url.pathname, page.text]).toEqual([
      '/admin/resource-servers/edit',
      expect.stringContaining('The resource server was added'),
    ]);
    expect(await find(SERVER.identifier)).toMatchObject({
      ...{ name: 'Calendar', access_token_lifetime: 120, user_clients: ['frontend'], client_id: 'backend' },
      scopes: [{ name: 'events:write', description: 'add to your calendar', granted_to: ['users'] }],
    });
    const event = { type: 'resource-server-created', actor: ADMINISTRATOR } as const;
    expect(await provider.dataSource.manager.countBy(SecurityEvent, event)).toBe(1);
  });

  it.each<[Record<string, string | boolean>, number, Record<string, unknown>]>([
    [{ identifier: 'nowhere' }, 400, { identifier: expect.stringContaining('Identifier must be an absolute URL') }],
    [{ identifier: 'https://calendar.example/' }, 409, { identifier: expect.stringContaining('has this identifier') }],
    [{ name: '' }, 400, { name: 'Name must be a line of text.' }],
    [{ access_token_lifetime: '5' }, 400, { access_token_lifetime: expect.stringContaining('10') }],
    [
      { access_token_lifetime: 'long' },
      400,
      { access_token_lifetime: expect.stringContaining('must be a whole number') },
    ],
    [{ user_clients: 'nobody' }, 400, { user_clients: expect.stringContaining('does not exist: nobody') }],
    [{ client_id: 'nobody' }, 400, { client_id: expect.stringContaining('does not exist: nobody') }],
    [{ 'scopes.1.name': 'a b' }, 400, { 'scopes.0.name': expect.stringContaining('Scope must be a scope token') }],
    [{ 'scopes.1.name': 'contacts:read' }, 409, { 'scopes.0.name': expect.stringContaining('belongs to') }],
    [
      { 'scopes.1.description': '' },
      400,
      { 'scopes.0.description': expect.stringContaining('must be a line of text') },
    ],
    [{ 'scopes.1.granted_to': false }, 400, { 'scopes.0.granted_to': expect.stringContaining('Can be granted to') }],
  ])('names the field with an error, and keeps the entered text: %j', async (wrong, status, errors) => {
    const other = {
      identifier: 'https://other.example',
      'scopes.1.name': 'others:write',
      'scopes.1.granted_to': 'machines',
    };
    const values = { ...SERVER, ...other, ...wrong };
    const page = await (await open('/admin/resource-servers/new')).submit('#save', values);
    expect(refusalOf(page)).toEqual({ status, errors });
    const kept = page.form('#save');
    const shown = (name: string) => kept.value(name.replace('scopes.1', 'scopes.0'))?.trim() ?? false;
    for (const [name, value] of Object.entries(values)) {
      expect([name, shown(name)]).toEqual([name, typeof value === 'string' ? value.trim() : value]);
    }
  });
});

describe('the page of a resource server', () => {
  it('changes every member, and removes and adds scopes', async () => {
    const identifier = await givenServer();
    const page = await (
      await open(pathTo('edit', identifier))
    ).submit('#save', {
      ...{ name: 'Renamed', access_token_lifetime: '60', every_client: true, client_id: 'backend' },
      ...{ 'scopes.0.name': '', 'scopes.0.description': '' },
      ...{
        'scopes.2.name': `things${count}:export`,
        'scopes.2.description': 'export',
        'scopes.2.granted_to': 'machines',
      },
    });
    expect([page.status, page.url.search]).toEqual([200, expect.stringContaining('done=saved')]);
    expect(await find(identifier)).toMatchObject({
      ...{ name: 'Renamed', access_token_lifetime: 60, user_clients: null, client_id: 'backend' },
      scopes: [
        { name: `things${count}:write`, description: 'write your things', granted_to: ['users'] },
        { name: `things${count}:export`, description: 'export', granted_to: ['machines'] },
      ],
    });
  });

  it('is the same after it was saved unchanged', async () => {
    const identifier = await givenServer();
    const before = await find(identifier);
    await (await open(pathTo('edit', identifier))).submit('#save');
    expect(await find(identifier)).toEqual(before);
  });

  it('names the field with an error, and changes nothing', async () => {
    const identifier = await givenServer();
    const values = { name: 'Kept', 'scopes.0.name': 'openid' };
    const page = await (await open(pathTo('edit', identifier))).submit('#save', values);
    expect(refusalOf(page)).toEqual({ status: 400, errors: { 'scopes.0.name': expect.stringContaining('openid') } });
    expect(page.form('#save').value('name')).toBe('Kept');
    expect((await find(identifier)).name).toBe(`Things ${count}`);
  });

  it('says that somebody else changed the server meanwhile', async () => {
    const identifier = await givenServer();
    const page = await open(pathTo('edit', identifier));
    await provider.app.get(ResourceServerRegistrations).update(identifier, { name: 'Of somebody else' }, {});
    expect((await page.submit('#save', { name: 'Mine' })).status).toBe(412);
  });

  it('deletes the server after a confirmation that says what ends', async () => {
    const identifier = await givenServer();
    const asked = await (await open(pathTo('edit', identifier))).click('Delete');
    expect(asked.text).toContain('No more tokens are issued for this resource server');
    expect((await asked.submit('#confirm')).text).toContain('The resource server was deleted');
    expect((await open(pathTo('edit', identifier))).status).toBe(404);
  });

  it('does not delete the account API, and says why', async () => {
    const page = await (await open(pathTo('delete', `${provider.url}/api`))).submit('#confirm');
    expect([page.status, page.text]).toEqual([409, expect.stringContaining('The account API cannot be deleted')]);
  });
});
