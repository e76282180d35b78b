import { databaseConnection, type DatabaseConnection, testDatabase } from '@trefoil/testing';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { givenAccountTokens, givenDirectoryToken, type GivenTokens, request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { BACKEND, FRONTEND, post } from '../testing/token-requests.js';
import { until } from '../testing/until.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';

let provider: ProviderUnderTest;
let connection: DatabaseConnection;
let tokens: GivenTokens;
let machineToken: string;

beforeAll(async () => {
  connection = await databaseConnection(await testDatabase());
  provider = await startProvider(connection.url);
  tokens = await givenAccountTokens(provider);
  machineToken = await givenDirectoryToken(provider, BACKEND);
  await request(provider, '/.well-known/openid-configuration');
});
afterAll(async () => {
  await provider.stop();
  await connection.cut();
});

const requests: [string, () => Promise<{ status: number; headers: Headers; body: unknown }>][] = [
  ['GET /userinfo', () => request(provider, '/userinfo', { token: tokens.accessToken })],
  ['GET /api/account', () => request(provider, '/api/account', { token: tokens.accessToken })],
  [
    'PATCH /api/account',
    () =>
      request(provider, '/api/account', {
        method: 'PATCH',
        token: tokens.accessToken,
        body: '{"nickname":"Al"}',
        headers: { 'content-type': 'application/json' },
      }),
  ],
  ['GET /api/users/:id', () => request(provider, `/api/users/${ALICE}`, { token: machineToken })],
  ['POST /introspect, access token', () => post(provider, '/introspect', { token: tokens.accessToken }, FRONTEND)],
  ['POST /introspect, refresh token', () => post(provider, '/introspect', { token: tokens.refreshToken }, FRONTEND)],
  ['POST /revoke, access token', () => post(provider, '/revoke', { token: tokens.accessToken }, FRONTEND)],
  ['POST /revoke, refresh token', () => post(provider, '/revoke', { token: tokens.refreshToken }, FRONTEND)],
];

/** Waits until the server no longer has the rows that it keeps for a second. */
const untilRowsAreOld = () =>
  until(async () => {
    const read = provider.app.get(ResourceServers).all();
    return read.then(
      () => undefined,
      () => true,
    );
  });

describe('while the database is down', () => {
  beforeAll(() => connection.cut());
  afterAll(() => connection.restore());

  it.each(requests)('%s is answered 503 within 2.5 s: access is neither given nor refused', async (_, send) => {
    const start = performance.now();
    const { status, headers } = await send();
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('www-authenticate')).toBeNull();
    expect(performance.now() - start).toBeLessThan(2500);
  });

  it.each(['openid-configuration', 'oauth-authorization-server'])(
    'the metadata is published all the same, with what was known of the resource servers: %s',
    async (name) => {
      await untilRowsAreOld();
      const { status, body } = await request(provider, `/.well-known/${name}`);
      expect([status, body.issuer]).toEqual([200, provider.url]);
      expect(body.scopes_supported).toEqual(expect.arrayContaining(['account:read', 'contacts:export']));
    },
  );

  it('the keys are still published', async () => {
    expect((await request(provider, '/jwks')).status).toBe(200);
  });
});

describe('while the database hangs', () => {
  beforeAll(() => connection.freeze());
  afterAll(() => connection.thaw());

  it('keys and metadata are published within the time of other answers', async () => {
    await untilRowsAreOld();
    const start = performance.now();
    const paths = ['/jwks', '/.well-known/openid-configuration'];
    const answers = await Promise.all(paths.map((path) => request(provider, path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(performance.now() - start).toBeLessThan(3500);
  });

  it('more requests than there are connections, some of them transactions, are all answered 503 in time', async () => {
    const start = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => requests.map(([, send]) => send()))
        .flat()
        .concat(
          post(provider, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refreshToken }, FRONTEND),
        ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    // It takes 2.2 s, plus delays of a busy machine. A rollback that waits for the hanging server would take 4 s.
    expect(performance.now() - start).toBeLessThan(3500);
  });
});

describe('when the database is back', () => {
  it.each(requests)('%s works again', async (_, send) => {
    expect((await send()).status).toBe(200);
  });
});
