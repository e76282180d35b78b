import {
  Browser,
  type DatabaseConnection,
  databaseConnection,
  demoUsers,
  describeWithRedis,
  DpopKey,
  type Page,
  testDatabase,
  testRedis,
} from '@trefoil/testing';
import { givenAccountTokens, type GivenTokens, request } from '../testing/api-requests.js';
import { authorizationUrl } from '../testing/authorization-url.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { givenClient, type TestClient } from '../testing/test-clients.js';
import { basic, FRONTEND, givenGrant, post } from '../testing/token-requests.js';
import { until } from '../testing/until.js';

let provider: ProviderUnderTest;
let connection: DatabaseConnection;
let tokens: GivenTokens;
let keyClient: TestClient;
let signIn: Page;
let code: Record<string, string>;

/** The parameters of a request that the client authenticates with a key, which uses up a `jti`. */
const assertion = async () => ({
  grant_type: 'refresh_token',
  refresh_token: 'any',
  ...(await keyClient.credentials()),
});

const proof = async () => (await DpopKey.generate()).proof({ url: `${provider.url}/token` });

/** Requests that need the state store, and their statuses while it answers. */
const requests: [string, number, () => Promise<{ status: number; headers: Headers }>][] = [
  ['an authorization request', 303, () => fetch(authorizationUrl(provider.url), { redirect: 'manual' })],
  ['a pushed authorization request', 201, () => post(provider, '/par', Object.fromEntries(pushed()), FRONTEND)],
  ['private_key_jwt, whose replay cache cannot be read,', 400, async () => post(provider, '/token', await assertion())],
  [
    'a refresh with a DPoP proof, whose replay cache cannot be read,',
    400,
    async () =>
      post(provider, '/token', { grant_type: 'refresh_token', refresh_token: 'any' }, FRONTEND, {
        dpop: await proof(),
      }),
  ],
  [
    'a wrong client secret, which cannot be counted,',
    401,
    () => post(provider, '/token', { grant_type: 'refresh_token' }, basic('frontend', 'wrong')),
  ],
];

const pushed = () => authorizationUrl(provider.url).searchParams;

beforeAll(async () => {
  if (!process.env.TEST_REDIS_URL) return;
  connection = await databaseConnection(testRedis().url);
  const REDIS_KEY_PREFIX = testRedis().prefix.replaceAll(':', '.');
  provider = await startProvider(await testDatabase(), { REDIS_URL: connection.url, REDIS_KEY_PREFIX });
  tokens = await givenAccountTokens(provider);
  keyClient = await givenClient(provider, { profile: 'fapi2' });
  code = (await givenGrant(provider)).redemption;
  signIn = await new Browser().open(authorizationUrl(provider.url));
});
afterAll(async () => {
  await provider?.stop();
  await connection?.cut();
});

const readiness = () => request(provider, '/health/ready');

describeWithRedis('a provider with Redis', () => {
  it.each(requests)('answers %s with %i', async (_, status, send) => {
    expect((await send()).status).toBe(status);
  });

  it('keeps no short-lived state of requests in the database', async () => {
    const rows = await provider.dataSource.query<{ key: string }[]>(
      `SELECT key FROM state_entries WHERE key NOT IN ('housekeeping', 'lock:anomaly-watch') UNION ALL SELECT key FROM rate_limits`,
    );
    expect(rows).toEqual([]);
  });
});

describeWithRedis('a provider without its Redis', () => {
  describe.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['which is down', () => connection.cut(), () => connection.restore()],
    ['which hangs', () => connection.freeze(), () => connection.thaw()],
  ])('%s', (_, interrupt, restore) => {
    beforeAll(() => interrupt());

    it.each(requests)('answers %s with 503 within 2.5 s', async (_what, _status, send) => {
      const start = performance.now();
      const { status, headers } = await send();
      expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true]);
      expect(performance.now() - start).toBeLessThan(2500);
    });

    it('answers a sign-in with 503 within 2.5 s, without checking the password', async () => {
      const start = performance.now();
      expect((await signIn.submit('#login', demoUsers.alice)).status).toBe(503);
      expect(performance.now() - start).toBeLessThan(2500);
    });

    it('verifies access tokens, and publishes its metadata and keys', async () => {
      expect((await request(provider, '/api/account', { token: tokens.accessToken })).status).toBe(200);
      const paths = ['/.well-known/openid-configuration', '/jwks'];
      expect(await Promise.all(paths.map(async (path) => (await request(provider, path)).status))).toEqual([200, 200]);
    });

    it('is not ready, and names Redis', async () => {
      const { status, body } = await readiness();
      expect([status, body.checks]).toEqual([503, { database: 'up', redis: 'down' }]);
    });

    it('works again without a restart when Redis is back', async () => {
      await restore();
      await until(async () => ((await readiness()).status === 200 ? true : undefined));
      for (const [, status, send] of requests) expect((await send()).status).toBe(status);
    });
  });

  it('continues the sign-in that had begun before', async () => {
    const page = await signIn.submit('#login', demoUsers.alice);
    expect(page.has('#allow') || page.status === 303 || page.location !== undefined).toBe(true);
    expect((await post(provider, '/token', code, FRONTEND)).status).toBe(200);
  });
});
