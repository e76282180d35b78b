import { testDatabase } from '@trefoil/testing';
import { sharedSecrets, type TerminalOptions, trefoil } from '../../testing/command-line.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const CALENDAR = 'https://calendar.example';

let provider: ProviderUnderTest;
let environment: Record<string, string>;

beforeAll(async () => {
  const secrets = sharedSecrets();
  const DATABASE_URL = await testDatabase();
  provider = await startProvider(DATABASE_URL, secrets);
  environment = { ...secrets, DATABASE_URL, ISSUER: provider.url, NODE_ENV: 'test' };
});
afterAll(() => provider.stop());
beforeEach(() => provider.dataSource.query('DELETE FROM resource_servers WHERE identifier = $1', [CALENDAR]));

const run = (args: string[], options: TerminalOptions = {}) =>
  trefoil(environment, ['resource-server', ...args], options);
const create = (...more: string[]) => run(['create', CALENDAR, '--name', 'Calendar', ...more, '--json']);

describe('resource-server', () => {
  it('create registers a server with its scopes and clients', async () => {
    const { exitCode, json } = await create(
      ...['--scope', 'events:write users=add to your calendar', 'events:all administrators,machines=see all calendars'],
      ...['--user-client', 'frontend', 'api-docs', '--client', 'backend', '--token-lifetime', '5m'],
    );
    expect(exitCode).toBe(0);
    expect(json).toEqual({
      id: Buffer.from(CALENDAR).toString('base64url'),
      identifier: CALENDAR,
      name: 'Calendar',
      scopes: [
        { name: 'events:write', description: 'add to your calendar', granted_to: ['users'] },
        { name: 'events:all', description: 'see all calendars', granted_to: ['administrators', 'machines'] },
      ],
      user_clients: ['frontend', 'api-docs'],
      client_id: 'backend',
      access_token_lifetime: 300,
      created_at: expect.any(String),
    });
    const [event] = await provider.dataSource.query<{ actor: string }[]>(
      `SELECT actor FROM security_events WHERE type = 'resource-server-created' ORDER BY id DESC LIMIT 1`,
    );
    expect(event?.actor).toMatch(/^command line \(.+\)$/);
  });

  it('create opens the server to no client unless an option does', async () => {
    expect((await create()).json).toMatchObject({ user_clients: [], scopes: [], access_token_lifetime: 600 });
    await run(['delete', CALENDAR, '--yes']);
    expect((await create('--every-client')).json).toMatchObject({ user_clients: null });
  });

  it('update changes what the options name, and nothing else', async () => {
    const { json: before } = await create('--client', 'backend', '--user-client', 'frontend');
    const update = async (...options: string[]) => (await run(['update', CALENDAR, ...options, '--json'])).json;
    expect(await update('--name', 'Team calendar')).toEqual({ ...(before as object), name: 'Team calendar' });
    expect(await update('--no-client', '--no-user-clients')).toMatchObject({ client_id: null, user_clients: [] });
    expect(await update('--every-client')).toMatchObject({ user_clients: null, name: 'Team calendar' });
    expect(await update('--scope', 'events:write users=add')).toMatchObject({
      scopes: [{ name: 'events:write', description: 'add', granted_to: ['users'] }],
    });
  });

  it('list shows every server in the order of the identifiers', async () => {
    await create();
    const { json, exitCode } = await run(['list', '--json']);
    const identifiers = (json as { identifier: string }[]).map(({ identifier }) => identifier);
    expect([exitCode, identifiers]).toEqual([0, [...identifiers].sort()]);
    expect(identifiers).toContain(CALENDAR);
    expect((await run(['list'])).out).toContain('Calendar');
    expect((await run(['list', '--after', CALENDAR, '--json'])).json).toEqual([]);
  });

  it('delete asks first, and names the server', async () => {
    await create();
    const refused = await run(['delete', CALENDAR], { replies: ['n'] });
    expect([refused.exitCode, refused.notes]).toEqual([4, expect.stringContaining(`Calendar (${CALENDAR})`)]);
    expect((await run(['delete', CALENDAR])).exitCode).toBe(4);
    expect((await run(['delete', CALENDAR], { replies: ['y'] })).exitCode).toBe(0);
    expect((await run(['delete', CALENDAR, '--yes'])).exitCode).toBe(3);
    expect((await run(['update', CALENDAR, '--name', 'Gone'])).exitCode).toBe(3);
  });

  it('delete keeps the account API', async () => {
    const { exitCode, notes } = await run(['delete', `${provider.url}/api`, '--yes']);
    expect([exitCode, notes]).toEqual([5, expect.stringContaining('account API cannot be deleted')]);
  });

  it.each<[string, string[], number, string]>([
    ['a client that does not exist', ['--client', 'nobody'], 2, 'error: --client names a client that does not exist'],
    ['a user client that does not exist', ['--user-client', 'nobody'], 2, 'error: --user-client names a client'],
    ['a lifetime beyond the bounds', ['--token-lifetime', '2d'], 2, 'error: --token-lifetime'],
    ['a name without a letter', ['--name', ' '], 2, 'error: --name must be a line of text'],
    ['a scope of another server', ['--scope', 'contacts:read users=see'], 5, 'contacts:read belongs to'],
    ['a malformed scope', ['--scope', 'events:write'], 2, "option '--scope <scope...>'"],
    ['a scope for nobody', ['--scope', 'events:write nobody=see'], 2, "option '--scope <scope...>'"],
    ['contradictory options', ['--every-client', '--user-client', 'frontend'], 2, 'cannot be used with option'],
  ])('create refuses %s and names the option', async (_, options, exitCode, words) => {
    const refused = await create(...options);
    expect({ exitCode: refused.exitCode, out: refused.out }).toEqual({ exitCode, out: '' });
    expect(refused.notes).toContain(words);
  });

  it('create refuses an identifier that is not a URL, or taken', async () => {
    expect(await run(['create', '/calendar', '--name', 'Calendar'])).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('<identifier> must be an absolute URL'),
    });
    await create();
    expect((await create()).exitCode).toBe(5);
    const inProduction = { ...environment, NODE_ENV: 'production', PLAIN_HTTP_ORIGINS: provider.url };
    const http = await trefoil(inProduction, ['resource-server', 'create', 'http://api.example', '--name', 'API']);
    expect([http.exitCode, http.notes]).toEqual([2, expect.stringContaining('must be an https URL')]);
  });

  it('update refuses to change nothing, and contradictory options', async () => {
    await create();
    expect((await run(['update', CALENDAR])).exitCode).toBe(2);
    expect((await run(['update', CALENDAR, '--no-user-clients', '--every-client'])).exitCode).toBe(2);
  });
});
