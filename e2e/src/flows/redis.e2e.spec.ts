import { createClient } from '@redis/client';
import { waitUntil } from '@trefoil/local-stack';
import {
  Browser,
  demoClients,
  demoUsers,
  describeWithRedis,
  DpopKey,
  RelyingParty,
  signInAndConsent,
  startOwnRedis,
  tokensIn,
} from '@trefoil/testing';
import { tokenRevocation } from 'openid-client';
import pg from 'pg';
import { FRONTEND_SCOPE } from '../clients/demo-clients.js';
import { ReplicatedStack } from './refresh/replicated-stack.js';

/** Returns the keys in a Redis, each with its value. */
async function contentOf(url: string): Promise<{ key: string; value: unknown }[]> {
  const client = await createClient({ url }).connect();
  const read: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => client.get(key),
    hash: (key) => client.hGetAll(key),
    stream: (key) => client.xRange(key, '-', '+'),
  };
  const keys = await client.keys('*');
  const content = keys.map(async (key) => ({ key, value: await read[await client.type(key)]?.(key) }));
  return Promise.all(content).finally(() => client.destroy());
}

describeWithRedis('the three servers with Redis', () => {
  let redis: Awaited<ReturnType<typeof startOwnRedis>>;
  let stack: ReplicatedStack;
  let browser: Browser;

  beforeAll(async () => {
    redis = await startOwnRedis();
    stack = await ReplicatedStack.start({ redisUrl: redis.url, replicas: 1 });
  }, 180_000);
  afterAll(async () => {
    await stack.stop();
    await redis.end();
  });
  beforeEach(() => {
    browser = new Browser();
  });

  const frontend = () => stack.frontends[0] ?? '';

  /** Opens a page of the frontend without following redirects. */
  const open = (path: string) => browser.open(`${frontend()}${path}`, { follow: false });

  const signIn = async () => signInAndConsent(await browser.open(`${frontend()}/contacts`));

  /** Signs a user in. openid-client acts as the demo frontend. */
  async function tokensOf(client: RelyingParty) {
    const parameters = { resource: stack.backend };
    return client.signIn({ ...demoUsers.alice, scope: FRONTEND_SCOPE, parameters });
  }
  const frontendClient = (dpop = false) =>
    RelyingParty.discover({
      issuer: stack.proxy.url,
      ...demoClients.frontend,
      redirectUri: `${frontend()}/callback`,
      dpop,
    });

  const contacts = async (token: string) =>
    (await fetch(`${stack.backend}/v1/contacts`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('sign a user in', async () => {
    const page = await signIn();
    expect(page.url.pathname).toBe('/contacts');
    expect((await open('/contacts')).status).toBe(200);
  });

  it('refresh a session that many tabs use, with one chain of refresh tokens', async () => {
    await signIn();
    const grant = stack.proxy.newestGrant;
    stack.proxy.setFaults(grant, ['response lost'], 100);
    const tabs = await Promise.all(Array.from({ length: 6 }, async () => (await open('/contacts')).status));
    expect(tabs.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    stack.proxy.setFaults(grant, [], 0);
    expect((await open('/contacts')).status).toBe(200);
    expect(await stack.stateOf(grant)).toEqual({ live: true, recorded: 0 });
  });

  it('refuse a revoked token at the backend', async () => {
    const client = await frontendClient();
    const tokens = await tokensOf(client);
    expect(await contacts(tokens.access_token)).toBe(200);
    await tokenRevocation(client.configuration, tokens.access_token);
    expect(await waitUntil(async () => (await contacts(tokens.access_token)) === 401, { timeout: 10_000 })).toBe(true);
  });

  it('refuse a DPoP proof that was used before (RFC 9449 §11.1)', async () => {
    const [key, url] = [await DpopKey.generate(), `${stack.proxy.url}/token`];
    const proof = await key.proof({ url });
    const { clientId, clientSecret } = demoClients.marketingSync;
    const headers = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    const body = () => new URLSearchParams({ grant_type: 'client_credentials', scope: 'contacts:export' });
    const send = () => fetch(url, { method: 'POST', headers: { ...headers, dpop: proof }, body: body() });
    const first = await send();
    expect(await first.json()).toMatchObject({ token_type: 'DPoP' });
    const second = await send();
    expect([second.status, await second.json()]).toMatchObject([400, { error: 'invalid_dpop_proof' }]);
  });

  it('count failed sign-ins, and refuse further ones with 429 and Retry-After', async () => {
    const login = await browser.open(`${frontend()}/login`);
    const attempt = () => login.submit('#login', { username: demoUsers.bob.username, password: 'wrong' });
    let page = await attempt();
    for (let count = 1; count < 30 && page.status !== 429; count++) page = await attempt();
    expect(page.status).toBe(429);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('end the session when the user signs out, also for a copy of the cookie', async () => {
    await signIn();
    const cookie = await browser.cookies.getCookieString(frontend());
    const copy = async () => (await fetch(`${frontend()}/contacts`, { headers: { cookie } })).status;
    expect(await copy()).toBe(200);
    const page = await browser.open(`${frontend()}/logout`);
    await page.submit('#logout');
    expect(await copy()).toBe(401);
  });

  it('end the session of the frontend through a logout token (Back-Channel Logout §2.5)', async () => {
    await signIn();
    await browser.open(`${stack.proxy.url}/end-session`).then((page) => page.submit('form'));
    const isSignedOut = async () => (await open('/contacts')).status === 303;
    expect(await waitUntil(isSignedOut, { timeout: 10_000 })).toBe(true);
  });

  it('keep no session and no used proof in the databases', async () => {
    for (const url of [stack.databaseUrls?.frontend, stack.databaseUrls?.backend]) {
      const database = new pg.Client({ connectionString: url });
      await database.connect();
      const { rows } = await database.query<{ key: string }>(
        `SELECT key FROM state_entries WHERE key <> 'housekeeping' UNION ALL SELECT feed FROM state_feed_entries`,
      );
      await database.end();
      expect(rows).toEqual([]);
    }
  });

  it('keep only keys in Redis that begin with the name of the app, and no readable token in their values', async () => {
    await signIn();
    const content = await contentOf(redis.url);
    const apps = content.map(
      ({ key }) => /^trefoil:(provider|backend|frontend):(entry|lock|limit|feed):/.exec(key)?.[1],
    );
    expect(new Set(apps)).toEqual(new Set(['provider', 'backend', 'frontend']));
    for (const { key, value } of content) {
      expect(value).toBeTruthy();
      expect(tokensIn(`${key} ${JSON.stringify(value)}`)).toEqual([]);
    }
  });

  describe('without their Redis', () => {
    /** Checks that something is answered 503 in time. */
    async function expectUnavailable(send: () => Promise<{ status: number }>): Promise<void> {
      const start = performance.now();
      expect((await send()).status).toBe(503);
      expect(performance.now() - start).toBeLessThan(2500);
    }

    /** Returns the status of the answer to a request of openid-client. */
    const statusOf = (answer: Promise<unknown>) =>
      answer.then(
        () => ({ status: 200 }),
        (error: { cause?: { status?: number } }) => ({ status: error.cause?.status ?? 0 }),
      );

    /** Returns the status of each server's readiness. */
    const readiness = () =>
      Promise.all(
        [...stack.proxy.targets, stack.backend, ...stack.frontends].map(
          async (url) => (await fetch(`${url}/health/ready`)).status,
        ),
      );

    afterEach(async () => {
      redis.signal('SIGCONT');
      await redis.start();
    });

    it.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
      ['which hangs', () => redis.signal('SIGSTOP'), () => redis.signal('SIGCONT')],
      ['which is down', () => redis.stop(), () => redis.start()],
    ])(
      '%s: sign-in and refresh answer 503 within 2.5 s, tokens are verified, and all recover',
      async (_, stop, start) => {
        await signIn();
        stack.proxy.setFaults(stack.proxy.newestGrant, [], 100);
        const client = await frontendClient(true);
        const tokens = await tokensOf(client);
        const { access_token: bearer } = await tokensOf(await frontendClient());
        const { url: authorization } = await client.authorizationRequest({ scope: 'openid' });
        await stop();
        await expectUnavailable(() => open('/contacts'));
        await expectUnavailable(() => new Browser().open(`${frontend()}/login`, { follow: false }));
        await expectUnavailable(() => fetch(authorization, { redirect: 'manual' }));
        await expectUnavailable(() => statusOf(client.refresh(tokens)));
        expect(await contacts(bearer)).toBe(200);
        expect(new Set(await readiness())).toEqual(new Set([503]));
        await start();
        const areReady = async () => (await readiness()).every((status) => status === 200);
        expect(await waitUntil(areReady, { timeout: 10_000 })).toBe(true);
        expect((await statusOf(client.refresh(tokens))).status).toBe(200);
        await new Browser().open(`${frontend()}/login`).then((page) => expect(page.has('#login')).toBe(true));
      },
    );
  });
});
