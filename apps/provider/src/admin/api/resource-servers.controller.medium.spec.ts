import { testDatabase } from '@trefoil/testing';
import { givenAdminMachineToken, givenAdminToken } from '../../testing/admin-requests.js';
import { ADMINISTRATOR, request } from '../../testing/api-requests.js';
import { DEMO, type ProviderUnderTest, sharedWith, startProvider } from '../../testing/provider-under-test.js';
import { MARKETING_SYNC, post } from '../../testing/token-requests.js';
import { until } from '../../testing/until.js';

const PATH = '/api/admin/resource-servers';
const CALENDAR = {
  identifier: 'https://calendar.example',
  name: 'Calendar',
  scopes: [{ name: 'events:write', description: 'add to your calendar', granted_to: ['users', 'machines'] }],
  user_clients: ['frontend'],
  client_id: 'backend',
  access_token_lifetime: 300,
};

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(async () => {
  await provider.dataSource.query(`DELETE FROM resource_servers WHERE identifier LIKE 'https://%'`);
  token = await givenAdminToken(provider);
});

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  request(provider, path, {
    method,
    token,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
const create = async (overrides: object = {}) => (await send('POST', PATH, { ...CALENDAR, ...overrides })).body;
const idOf = (identifier: string) => Buffer.from(identifier).toString('base64url');

describe('the resource servers of the admin API', () => {
  it('are created, read, changed and deleted', async () => {
    const created = await send('POST', PATH, CALENDAR);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ ...CALENDAR, id: idOf(CALENDAR.identifier), created_at: expect.any(String) });
    const path = created.headers.get('location') ?? '';
    expect(path).toBe(`${PATH}/${created.body.id}`);

    const read = await send('GET', path);
    expect([read.status, read.body]).toEqual([200, created.body]);
    expect(read.headers.get('etag')).toBe(created.headers.get('etag'));

    const changed = await send('PATCH', path, { name: 'Team calendar', client_id: null, user_clients: null });
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...created.body, name: 'Team calendar', client_id: null, user_clients: null },
    ]);

    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('GET', path)).status).toBe(404);
    expect((await send('PATCH', path, { name: 'Gone' })).status).toBe(404);
    expect((await send('DELETE', path)).status).toBe(404);
  });

  it('are listed by identifier, page by page', async () => {
    await create();
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const { status, body } = await send('GET', `${PATH}?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      found.push(...body.items.map(({ identifier }: { identifier: string }) => identifier));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual([`${provider.url}/api`, DEMO.backend, CALENDAR.identifier].sort());
    expect((await send('GET', `${PATH}?cursor=x`)).body.errors).toMatchObject([{ field: 'cursor' }]);
  });

  it.each<[string, object, number, string]>([
    ['a relative identifier (RFC 8707 §2)', { identifier: '/calendar' }, 400, 'identifier'],
    ['an identifier with a fragment (RFC 8707 §2)', { identifier: 'https://calendar.example/#a' }, 400, 'identifier'],
    ['an identifier that is taken', { identifier: DEMO.backend }, 409, 'identifier'],
    [
      'the other spelling of a taken identifier (RFC 3986 §6.2.3)',
      { identifier: `${DEMO.backend}/` },
      409,
      'identifier',
    ],
    ['a name without a letter', { name: ' ' }, 400, 'name'],
    ['a name with a NUL character', { name: 'a\0b' }, 400, 'name'],
    [
      'half of a surrogate pair in the words on the consent page',
      { scopes: [{ ...CALENDAR.scopes[0], description: 'a \ud800' }] },
      400,
      'scopes.0.description',
    ],
    ['no word about users', { user_clients: undefined }, 400, 'user_clients'],
    ['a user client that does not exist', { user_clients: ['frontend', 'nobody'] }, 400, 'user_clients'],
    ['a client that does not exist', { client_id: 'nobody' }, 400, 'client_id'],
    ['a lifetime of tokens below the bound', { access_token_lifetime: 9 }, 400, 'access_token_lifetime'],
    ['a lifetime of tokens above the bound', { access_token_lifetime: 86_401 }, 400, 'access_token_lifetime'],
    ['a member that does not exist', { color: 'red' }, 400, 'color'],
    ['a scope of another server', { scopes: [{ ...CALENDAR.scopes[0], name: 'contacts:read' }] }, 409, 'scopes.0.name'],
    ['a malformed scope (RFC 6749 §3.3)', { scopes: [{ ...CALENDAR.scopes[0], name: 'a b' }] }, 400, 'scopes.0.name'],
    ['a scope for nobody', { scopes: [{ ...CALENDAR.scopes[0], granted_to: [] }] }, 400, 'scopes.0.granted_to'],
  ])('are refused with the name of the field for %s (RFC 9457)', async (_, overrides, status, field) => {
    const answer = await send('POST', PATH, { ...CALENDAR, ...overrides });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
    expect((await send('GET', `${PATH}/${idOf(CALENDAR.identifier)}`)).status).toBe(404);
  });

  it('refuse the same values in a change', async () => {
    const { id } = await create();
    for (const [patch, field] of [
      [{ user_clients: ['nobody'] }, 'user_clients'],
      [{ client_id: 'nobody' }, 'client_id'],
      [{ identifier: 'https://other.example' }, 'identifier'],
      [{ name: null }, 'name'],
      [{ scopes: [{ ...CALENDAR.scopes[0], name: 'contacts:read' }] }, 'scopes.0.name'],
    ] as const) {
      expect((await send('PATCH', `${PATH}/${id}`, patch)).body.errors).toMatchObject([{ field }]);
    }
  });

  it('are changed and deleted only in the version that If-Match names (RFC 9110 §13.1.1)', async () => {
    const { id } = await create();
    const path = `${PATH}/${id}`;
    const etag = (await send('GET', path)).headers.get('etag') ?? '';
    const changed = await send('PATCH', path, { name: 'Second' }, { 'if-match': etag });
    expect(changed.status).toBe(200);
    expect((await send('PATCH', path, { name: 'Third' }, { 'if-match': etag })).status).toBe(412);
    expect((await send('DELETE', path, undefined, { 'if-match': etag })).status).toBe(412);
    expect((await send('DELETE', path, undefined, { 'if-match': changed.headers.get('etag') ?? '' })).status).toBe(204);
  });

  it('are changed by a JSON merge patch of either media type, and by no form (RFC 7396 §4)', async () => {
    const { id } = await create();
    const patch = (type: string, body: string) =>
      request(provider, `${PATH}/${id}`, { method: 'PATCH', token, body, headers: { 'content-type': type } });
    expect((await patch('application/merge-patch+json', '{"name":"Merged"}')).body.name).toBe('Merged');
    expect((await patch('application/x-www-form-urlencoded', 'name=Form')).status).toBe(415);
  });

  it('keep the account API, and every scope that its routes require', async () => {
    const path = `${PATH}/${idOf(`${provider.url}/api`)}`;
    expect((await send('DELETE', path)).status).toBe(409);
    const { status, body } = await send('PATCH', path, { scopes: [] });
    expect([status, body.errors]).toMatchObject([409, [{ field: 'scopes' }]]);
    expect((await send('PATCH', path, { name: 'Your account' })).status).toBe(200);
  });

  it('survive the deletion of the client that represents them, which a later change does not trip over', async () => {
    await provider.dataSource.query(
      `INSERT INTO clients SELECT (jsonb_populate_record(c, '{"client_id": "short-lived"}')).* FROM clients c WHERE client_id = 'demo-cli'`,
    );
    const { id } = await create({ client_id: 'short-lived', user_clients: ['short-lived'] });
    await provider.dataSource.query(`DELETE FROM clients WHERE client_id = 'short-lived'`);
    const { body } = await send('PATCH', `${PATH}/${id}`, { user_clients: ['short-lived', 'frontend'] });
    expect(body).toMatchObject({ client_id: null, user_clients: ['short-lived', 'frontend'] });
  });

  it('record who changed them in a security event', async () => {
    const { id } = await create();
    token = await givenAdminMachineToken(provider);
    await send('PATCH', `${PATH}/${id}`, { name: 'By a machine', access_token_lifetime: 60 });
    await send('DELETE', `${PATH}/${id}`);
    const events = await provider.dataSource.query(
      `SELECT type, actor, details FROM security_events WHERE type LIKE 'resource-server-%' ORDER BY id DESC LIMIT 3`,
    );
    const { identifier } = CALENDAR;
    expect(events).toEqual([
      { type: 'resource-server-removed', actor: 'client marketing-sync', details: { identifier } },
      {
        type: 'resource-server-updated',
        actor: 'client marketing-sync',
        details: { identifier, members: 'name access_token_lifetime' },
      },
      { type: 'resource-server-created', actor: ADMINISTRATOR, details: { identifier } },
    ]);
  });

  it('never share a scope, although they are created at the same time', async () => {
    const identifiers = ['a', 'b', 'c', 'd'].map((name) => `https://${name}.example`);
    const answers = await Promise.all(identifiers.map((identifier) => send('POST', PATH, { ...CALENDAR, identifier })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('are known to every replica within a second', async () => {
    const replica = await startProvider(provider.config.DATABASE_URL, sharedWith(provider));
    await provider.dataSource.query(
      `UPDATE clients SET scopes = scopes || '{events:write}' WHERE client_id = 'marketing-sync'`,
    );
    const ask = () =>
      post(
        replica,
        '/token',
        { grant_type: 'client_credentials', scope: 'events:write', resource: CALENDAR.identifier },
        MARKETING_SYNC,
      );
    expect((await ask()).status).toBe(400);
    await create();
    await until(async () => (await ask()).status === 200 || undefined);
    expect((await ask()).body.expires_in).toBe(300);
    await replica.stop();
  });
});
