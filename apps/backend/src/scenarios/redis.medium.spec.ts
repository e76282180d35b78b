import {
  Caller,
  describeWithRedis,
  DpopKey,
  grantSubject,
  LoopbackIssuer,
  startOwnRedis,
  testDatabase,
} from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type BackendUnderTest, RESOURCE, startBackend, untilFresh } from '../testing/backend-under-test.js';

describeWithRedis('a backend with Redis', () => {
  const issuer = new LoopbackIssuer();
  const { transmitter } = issuer;
  let databaseUrl: string;
  let redis: Awaited<ReturnType<typeof startOwnRedis>>;
  let settings: Record<string, string>;
  let backend: BackendUnderTest;
  let replica: BackendUnderTest;
  let key: DpopKey;

  beforeAll(async () => {
    await issuer.start();
    databaseUrl = await testDatabase();
    redis = await startOwnRedis();
    settings = { REDIS_URL: redis.url };
    const start = () => startBackend(databaseUrl, issuer, settings);
    [backend, replica] = await Promise.all([start(), start()]);
    key = await DpopKey.generate();
  });
  afterAll(async () => {
    await Promise.all([backend.stop(), replica.stop()]);
    await issuer.stop();
    await redis.end();
  });

  /** Issues a user's token of a new grant. */
  function givenToken(claims: object = {}) {
    const grant = randomUUID();
    const scope = 'contacts:read contacts:write';
    const usual = { aud: RESOURCE, sub: 'alice', client_id: 'frontend', scope, grant_id: grant };
    return { grant, token: issuer.token({ ...usual, ...claims }) };
  }

  const opensAt = async ({ url }: BackendUnderTest, token: string) =>
    (await new Caller(url, token).get('/v1/contacts')).status;

  async function untilRefused(at: BackendUnderTest, token: string): Promise<void> {
    const deadline = Date.now() + 10_000;
    while ((await opensAt(at, token)) !== 401) if (Date.now() > deadline) throw new Error('still accepted');
  }

  /** Reads contacts with a token that is bound to a key. */
  async function readBound(proof?: string): Promise<number> {
    const { token } = givenToken({ cnf: { jkt: key.jkt } });
    const dpop = proof ?? (await key.proof({ method: 'GET', url: `${RESOURCE}/v1/contacts`, accessToken: token }));
    return (await new Caller(backend.url).get('/v1/contacts', { Authorization: `DPoP ${token}`, DPoP: dpop })).status;
  }

  /** Starts Redis, which has lost its data, and waits until the backend has replaced the stream whose id it had in Redis. */
  async function startEmptyRedis(): Promise<void> {
    const [lost = ''] = transmitter.streams.keys();
    await redis.start();
    while (transmitter.streams.size === 1) await wait(20);
    // It could belong to another installation, so the backend leaves it. Here nobody reads it.
    transmitter.streams.delete(lost);
  }

  it('refuses a revoked token at every replica, also at one that starts later', async () => {
    const { grant, token } = givenToken();
    expect([await opensAt(backend, token), await opensAt(replica, token)]).toEqual([200, 200]);
    await transmitter.sendEvent(grantSubject(grant));
    await Promise.all([untilRefused(backend, token), untilRefused(replica, token)]);
    const late = await startBackend(databaseUrl, issuer, settings, 'up');
    expect(await opensAt(late, token)).toBe(401);
    await late.stop();
  });

  it('keeps no short-lived state in the database', async () => {
    const tables = ['state_entries', 'state_feed_entries', 'rate_limits'];
    for (const table of tables) expect(await backend.dataSource.query(`SELECT * FROM ${table}`)).toEqual([]);
  });

  it('refuses a revoked token at a replica that starts after Redis has lost its data', async () => {
    const { grant, token } = givenToken();
    await transmitter.sendEvent(grantSubject(grant));
    await redis.stop();
    await startEmptyRedis();
    const late = await startBackend(databaseUrl, issuer, settings);
    expect(await opensAt(late, token)).toBe(401);
    await late.stop();
    await Promise.all([untilFresh(backend.app), untilFresh(replica.app)]);
  });

  describe.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['is down', () => redis.stop(), startEmptyRedis],
    ['hangs', () => redis.signal('SIGSTOP'), () => redis.signal('SIGCONT')],
  ])('while Redis %s', (_, interrupt, recover) => {
    let revoked: string;

    beforeAll(async () => {
      const given = givenToken();
      revoked = given.token;
      await transmitter.sendEvent(grantSubject(given.grant));
      await untilRefused(backend, revoked);
      await interrupt();
    });

    it('verifies tokens from memory, and still refuses revoked ones', async () => {
      expect([await opensAt(backend, givenToken().token), await opensAt(backend, revoked)]).toEqual([200, 401]);
    });

    it('refuses a token with a DPoP proof with 503 within 2.5 s, because the proof may have been used', async () => {
      const start = performance.now();
      expect(await readBound()).toBe(503);
      expect(performance.now() - start).toBeLessThan(2500);
    });

    it('is not ready, and names Redis', async () => {
      const { status, body } = await new Caller(backend.url).get('/health/ready');
      expect([status, body.checks]).toMatchObject([503, { database: 'up', redis: 'down' }]);
    });

    it('works again without a restart, and receives revocations again', async () => {
      await recover();
      while ((await new Caller(backend.url).get('/health/ready')).status !== 200);
      expect(await readBound()).toBe(200);
      const { grant, token } = givenToken();
      expect(await opensAt(replica, token)).toBe(200);
      await transmitter.sendEvent(grantSubject(grant));
      await Promise.all([untilRefused(backend, token), untilRefused(replica, token)]);
    });
  });
});
