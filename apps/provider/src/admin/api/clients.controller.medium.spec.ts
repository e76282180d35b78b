import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { givenAdminMachineToken, givenAdminToken } from '../../testing/admin-requests.js';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { basic, post } from '../../testing/token-requests.js';

const PATH = '/api/admin/clients';
const MACHINE = { grant_types: ['client_credentials'], scope: 'contacts:export' };
const SHOP = { redirect_uris: ['https://shop.example/cb'], scope: 'openid contacts:read account:read' };

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  token = await givenAdminToken(provider);
});
afterAll(() => provider.stop());

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  request(provider, path, {
    method,
    token,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
const create = async (members: object) => (await send('POST', PATH, members)).body;
const machineToken = (clientId: string, secret: string) =>
  post(provider, '/token', { grant_type: 'client_credentials' }, basic(clientId, secret));

describe('the clients of the admin API', () => {
  it('are created, read, changed and deleted, with the members of RFC 7591', async () => {
    const created = await send('POST', PATH, { client_id: 'shop', client_name: 'Shop', description: 'Sells', ...SHOP });
    expect([created.status, created.body]).toEqual([
      201,
      expect.objectContaining({ client_id: 'shop', client_secret: expect.stringMatching(/^[\w-]{43}$/), ...SHOP }),
    ]);
    expect(created.headers.get('location')).toBe(`${PATH}/shop`);

    const read = await send('GET', `${PATH}/shop`);
    const { client_secret: _, ...shown } = created.body;
    expect([read.status, read.body]).toEqual([200, shown]);
    expect(read.headers.get('etag')).toBe(created.headers.get('etag'));

    const patch = { client_name: 'The shop', tos_uri: 'https://shop.example/terms', description: null };
    const changed = await send('PATCH', `${PATH}/shop`, patch);
    expect([changed.status, changed.body]).toEqual([200, { ...shown, ...patch, description: '' }]);

    expect((await send('DELETE', `${PATH}/shop`)).status).toBe(204);
    expect((await send('GET', `${PATH}/shop`)).status).toBe(404);
    const events = await provider.dataSource.manager.find(SecurityEvent, {
      where: { clientId: 'shop' },
      order: { id: 'ASC' },
    });
    expect(events.map(({ type }) => type)).toEqual(['client-registered', 'client-updated', 'client-removed']);
  });

  it('can be sent back as they were read, and then do not change', async () => {
    const { client_id } = await create(SHOP);
    const before = (await send('GET', `${PATH}/${client_id}`)).body;
    const { client_id: _, created_at: __, disabled_at: ___, ...members } = before;
    const { status, body } = await send('PATCH', `${PATH}/${client_id}`, members);
    expect([status, body]).toEqual([200, before]);
  });

  it('may have the scopes of every resource server, for users and for machines', async () => {
    const identifier = 'https://calendar.example';
    const server = {
      identifier,
      name: 'Calendar',
      scopes: [
        { name: 'events:write', description: 'add to your calendar', granted_to: ['users'] },
        { name: 'events:export', description: 'read all calendars', granted_to: ['machines'] },
      ],
      user_clients: null,
    };
    expect((await send('POST', '/api/admin/resource-servers', server)).status).toBe(201);
    expect(await create({ ...SHOP, scope: 'openid events:write' })).toMatchObject({ scope: 'openid events:write' });
    const machine = await create({ ...MACHINE, scope: 'events:export' });
    expect((await machineToken(machine.client_id, machine.client_secret)).status).toBe(200);
  });

  it('keep their scopes when the resource server is deleted and another member changes', async () => {
    const identifier = 'https://gone.example';
    const scopes = [{ name: 'gone:read', description: 'read', granted_to: ['machines'] }];
    const server = await send('POST', '/api/admin/resource-servers', {
      identifier,
      name: 'Gone',
      scopes,
      user_clients: null,
    });
    const { client_id } = await create({ ...MACHINE, scope: 'gone:read' });
    await send('DELETE', `/api/admin/resource-servers/${server.body.id}`);
    const { status, body } = await send('PATCH', `${PATH}/${client_id}`, { client_name: 'Still here' });
    expect([status, body.scope]).toEqual([200, 'gone:read']);
    expect((await send('PATCH', `${PATH}/${client_id}`, { scope: 'gone:read' })).body.errors).toMatchObject([
      { field: 'scope' },
    ]);
  });

  it('keep the secret that they had in another system', async () => {
    const secret = 'the-secret-it-had-elsewhere';
    const created = await create({ client_id: 'moved', client_secret: secret, ...MACHINE });
    expect(created).toMatchObject({ client_id: 'moved', client_secret: secret });
    expect((await machineToken('moved', secret)).status).toBe(200);
  });

  it('get another secret, shown once, and the old one expires after the overlap', async () => {
    const { client_id, client_secret } = await create(MACHINE);
    const path = `${PATH}/${client_id}/secrets`;
    const { status, body } = await send('POST', path, { overlap_seconds: 0 });
    expect([status, body]).toEqual([
      201,
      { client_id, secret_id: expect.any(String), client_secret: expect.any(String), overlap_seconds: 0 },
    ]);
    expect((await machineToken(client_id, body.client_secret)).status).toBe(200);
    expect((await send('POST', path)).body).toMatchObject({ overlap_seconds: 86_400 });
    const listed = await send('GET', path);
    expect(listed.body.items).toHaveLength(3);
    expect(JSON.stringify(listed.body)).not.toContain(client_secret);
  });

  it('get a secret when they begin to authenticate with one, and lose it when they no longer do', async () => {
    const { client_id } = await create({ ...SHOP, token_endpoint_auth_method: 'none' });
    const method = (name: string | null) => send('PATCH', `${PATH}/${client_id}`, { token_endpoint_auth_method: name });
    expect((await method('client_secret_basic')).body).toHaveProperty('client_secret');
    expect((await method('client_secret_post')).body).not.toHaveProperty('client_secret');
    expect((await method('none')).body).not.toHaveProperty('client_secret');
    expect((await send('GET', `${PATH}/${client_id}/secrets`)).body.items).toEqual([]);
    expect((await send('POST', `${PATH}/${client_id}/secrets`)).status).toBe(409);
  });

  it('are disabled, enabled and changed in between', async () => {
    const { client_id, client_secret } = await create(MACHINE);
    const disabled = await send('POST', `${PATH}/${client_id}/disable`);
    expect([disabled.status, disabled.body.disabled_at]).toEqual([200, expect.any(String)]);
    expect((await machineToken(client_id, client_secret)).status).toBe(401);
    const changed = await send('PATCH', `${PATH}/${client_id}`, { client_name: 'Asleep' });
    expect(changed.body).toMatchObject({ client_name: 'Asleep', disabled_at: disabled.body.disabled_at });
    expect((await send('POST', `${PATH}/${client_id}/enable`)).body.disabled_at).toBeNull();
    expect((await machineToken(client_id, client_secret)).status).toBe(200);
  });

  it('are listed page by page in the order of their ids, by a machine too', async () => {
    const machine = await givenAdminMachineToken(provider);
    const ids: string[] = [];
    let cursor = '';
    do {
      const path = `${PATH}?limit=3${cursor && `&cursor=${cursor}`}`;
      const { body } = await request(provider, path, { token: machine });
      ids.push(...body.items.map(({ client_id }: { client_id: string }) => client_id));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    const rows = await provider.dataSource.query<{ id: string }[]>('SELECT client_id AS id FROM clients ORDER BY 1');
    expect(ids).toEqual(rows.map(({ id }) => id));
  });
});

describe('a refused request about clients', () => {
  it.each([
    ['client_id', 400, { client_id: 'https://document.example/client' }],
    ['client_id', 409, { client_id: 'frontend' }],
    ['client_secret', 400, { client_secret: 'short' }],
    ['client_secret', 400, { client_secret: 'long-enough-but-public', token_endpoint_auth_method: 'none' }],
    ['redirect_uris', 400, { redirect_uris: ['http://shop.example/cb'] }],
    ['grant_types', 400, { grant_types: ['password'] }],
    ['scope', 400, { scope: 'contacts:export' }],
    ['jwks', 400, { token_endpoint_auth_method: 'private_key_jwt' }],
    ['security_profile', 400, { security_profile: 'fapi3' }],
    ['default_max_age', 400, { default_max_age: -1 }],
    ['token_exchange_resources', 400, { token_exchange_resources: ['urn:none'] }],
    ['software_statement', 400, { software_statement: 'x' }],
    ['require_auth_time', 400, { require_auth_time: 'yes' }],
  ])('names the member %s, with status %i (RFC 9457)', async (field, status, members) => {
    const answer = await send('POST', PATH, { ...SHOP, ...members });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
  });

  it('is answered with 412 when the client has changed since (RFC 9110 §13.1.1)', async () => {
    const { client_id } = await create(SHOP);
    const path = `${PATH}/${client_id}`;
    const etag = (await send('GET', path)).headers.get('etag') ?? '';
    expect((await send('PATCH', path, { client_name: 'First' }, { 'if-match': etag })).status).toBe(200);
    expect((await send('PATCH', path, { client_name: 'Second' }, { 'if-match': etag })).status).toBe(412);
    expect((await send('DELETE', path, undefined, { 'if-match': etag })).status).toBe(412);
    expect((await send('GET', path)).body.client_name).toBe('First');
  });

  it('loses no change of another request at the same time', async () => {
    const { client_id } = await create(SHOP);
    const uris = ['tos_uri', 'policy_uri', 'logo_uri', 'client_uri'];
    const answers = await Promise.all(
      uris.map((name) => send('PATCH', `${PATH}/${client_id}`, { [name]: `https://shop.example/${name}` })),
    );
    const done = uris.filter((_, at) => answers[at]?.status === 200);
    expect(answers.filter(({ status }) => status !== 409)).toHaveLength(done.length);
    const { body } = await send('GET', `${PATH}/${client_id}`);
    expect(uris.filter((name) => body[name] !== null)).toEqual(done);
  });

  it.each([
    ['GET', '', undefined],
    ['PATCH', '', {}],
    ['DELETE', '', undefined],
    ['GET', '/secrets', undefined],
    ['POST', '/secrets', {}],
    ['POST', '/disable', undefined],
    ['POST', '/enable', undefined],
  ])('is answered with 404 when there is no such client: %s %s', async (method, path, body) => {
    for (const id of [randomUUID(), '1%00']) {
      expect((await send(method, `${PATH}/${id}${path}`, body)).status).toBe(404);
    }
  });
});
