import { SharedSignalsRevocations } from '@trefoil/guards';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type BackendUnderTest, Caller, RESOURCE, startBackend, untilFresh } from './testing/backend-under-test.js';
import { LoopbackIssuer } from './testing/loopback-issuer.js';
import {
  clientSubject,
  grantSubject,
  sessionSubject,
  type Subject,
  tokenSubject,
} from './testing/loopback-transmitter.js';

const issuer = new LoopbackIssuer();
const { transmitter } = issuer;
let databaseUrl: string;
let backend: BackendUnderTest;
let replica: BackendUnderTest;

beforeAll(async () => {
  await issuer.start();
  databaseUrl = await testDatabase();
  // At once, as replicas do.
  [backend, replica] = await Promise.all([startBackend(databaseUrl, issuer), startBackend(databaseUrl, issuer)]);
});
afterAll(async () => {
  await Promise.all([backend.stop(), replica.stop()]);
  await issuer.stop();
});

/** A user's token, each with an id, a grant and a session of its own unless the test is about them. */
function givenToken(claims: Partial<AccessTokenClaims> = {}) {
  const ids = { jti: randomUUID(), grant_id: randomUUID(), sid: randomUUID(), client_id: 'frontend', ...claims };
  const scope = 'contacts:read contacts:write';
  return { ids, token: issuer.token({ aud: RESOURCE, sub: 'alice', scope, ...ids }) };
}

const opensAt = async ({ url }: BackendUnderTest, token: string) =>
  (await new Caller(url, token).get('/v1/contacts')).status;

/** Waits until a replica that does not poll has been told by the one that does. */
async function untilRefused(at: BackendUnderTest, token: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await opensAt(at, token)) !== 401) if (Date.now() > deadline) throw new Error('the token still opens');
}

describe('a token that the provider revoked', () => {
  it.each<[string, (ids: ReturnType<typeof givenToken>['ids']) => Subject]>([
    ['itself', ({ jti }) => tokenSubject(issuer.url, jti)],
    ['with its grant', ({ grant_id }) => grantSubject(grant_id)],
    ['with its session', ({ sid }) => sessionSubject(sid)],
  ])('%s is refused at every replica, as invalid_token (RFC 6750 §3.1)', async (_, subjectOf) => {
    const { ids, token } = givenToken();
    const { token: other } = givenToken();
    expect([await opensAt(backend, token), await opensAt(replica, token)]).toEqual([200, 200]);
    await transmitter.tell(subjectOf(ids));
    await Promise.all([untilRefused(backend, token), untilRefused(replica, token)]);
    const { headers, body } = await new Caller(backend.url, token).get('/v1/contacts');
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(body.detail).toBe('The token has been revoked.');
    expect([await opensAt(backend, other), await opensAt(replica, other)]).toEqual([200, 200]);
  });

  it('with those of its client is refused, and those of the next generation are not', async () => {
    const [old, older, next] = [1, undefined, 2].map((client_generation) =>
      givenToken({ client_id: 'api-docs', client_generation }),
    );
    if (!old || !older || !next) throw new Error('three were given');
    await transmitter.tell(clientSubject('api-docs'), { generation: 2 });
    await Promise.all([untilRefused(replica, old.token), untilRefused(backend, older.token)]);
    expect([await opensAt(backend, next.token), await opensAt(replica, next.token)]).toEqual([200, 200]);
  });

  it('ends every token that was exchanged for it (RFC 8693 §1.1)', async () => {
    const origin = { jti: randomUUID(), client_id: 'frontend' };
    const { token } = givenToken({ origins: [origin] });
    expect(await opensAt(backend, token)).toBe(200);
    await transmitter.tell(tokenSubject(issuer.url, origin.jti));
    await untilRefused(backend, token);
  });

  it('is refused by a replica that starts later, before it is asked anything', async () => {
    const { ids, token } = givenToken();
    await transmitter.tell(grantSubject(ids.grant_id));
    const late = await startBackend(databaseUrl, issuer, {}, 'up');
    expect(await opensAt(late, token)).toBe(401);
    await late.stop();
  });
});

describe('the stream', () => {
  it('is one for all replicas, though they started at once', () => {
    expect([...transmitter.streams.values()]).toMatchObject([{ description: `Revocations for ${RESOURCE}` }]);
  });

  it('is made anew when it was deleted, and nothing is missed', async () => {
    const [old] = transmitter.streams.keys();
    transmitter.forget();
    const { ids, token } = givenToken();
    await transmitter.tell(sessionSubject(ids.sid));
    await Promise.all([untilRefused(backend, token), untilRefused(replica, token)]);
    expect(transmitter.streams.size).toBe(1);
    expect([...transmitter.streams.keys()]).not.toEqual([old]);
  });

  it('is resumed when somebody paused it (SSF 1.0 §8.1.2)', async () => {
    transmitter.setStatus('paused');
    await transmitter.refusePolls([503, {}]);
    await transmitter.refusePolls(undefined);
    const { ids, token } = givenToken();
    await transmitter.tell(sessionSubject(ids.sid));
    await untilRefused(backend, token);
  });

  it.each<[string, object, string]>([
    ['of another issuer', { iss: 'https://attacker.example' }, 'invalid_issuer'],
    ['for another receiver', { aud: 'somebody-else' }, 'invalid_audience'],
    ['with a subject that tokens have', { sub: 'alice' }, 'invalid_request'],
    ['that expires', { exp: 4_000_000_000 }, 'invalid_request'],
    ['with two events', { events: { 'https://one.example': {}, 'https://two.example': {} } }, 'invalid_request'],
    ['with no event', { events: {} }, 'invalid_request'],
    ['without a subject', { sub_id: undefined }, 'invalid_request'],
    ['under an id that is not its own', { jti: 'another' }, 'invalid_request'],
  ])('refuses a SET %s (RFC 8935 §2.4, RFC 8936 §2.6)', async (_, claims, code) => {
    const before = Object.keys(transmitter.refusals).length;
    const { ids, token } = givenToken();
    await transmitter.tell(grantSubject(ids.grant_id), {}, claims);
    const refusals = Object.values(transmitter.refusals).slice(before);
    expect(refusals).toMatchObject([{ err: code }]);
    expect(await opensAt(backend, token)).toBe(200);
  });

  it.each([
    ['no JWT', 'nothing', 'invalid_request'],
    ['an access token', () => givenToken().token, 'invalid_request'],
    [
      'an unsigned one',
      `${Buffer.from('{"alg":"none","typ":"secevent+jwt"}').toString('base64url')}.e30.`,
      'invalid_request',
    ],
  ])('refuses what is %s (RFC 8725 §3.11)', async (_, set, code) => {
    const jti = randomUUID();
    await transmitter.send(jti, typeof set === 'string' ? set : set());
    expect(transmitter.refusals[jti]).toMatchObject({ err: code });
  });

  it('acknowledges what ends nothing here', async () => {
    const before = Object.keys(transmitter.refusals).length;
    await transmitter.tell({ format: 'iss_sub', iss: issuer.url, sub: 'alice' });
    await transmitter.tell(sessionSubject('any'), {}, { events: { 'https://schemas.openid.net/else': {} } });
    expect(Object.keys(transmitter.refusals)).toHaveLength(before);
  });
});

describe('a resource server that does not hear of the provider', () => {
  // Nothing is fresh for longer than a moment.
  const settings = { REVOCATION_FRESH_SECONDS: '1', REVOCATION_STALE_SECONDS: '3600' };
  let silent: LoopbackIssuer;
  let alone: BackendUnderTest;

  beforeEach(async () => {
    silent = new LoopbackIssuer();
    await silent.start();
  });
  afterEach(async () => {
    await alone.stop();
    await silent.stop();
  });

  const start = async (awaited: 'fresh' | 'up' = 'fresh', more: Record<string, string> = {}) =>
    (alone = await startBackend(await testDatabase(), silent, { ...settings, ...more }, awaited));
  const untilStale = async () => {
    while (!(await alone.app.get(SharedSignalsRevocations).health.check())) await new Promise(setImmediate);
  };
  const tokenOf = (jti: string) =>
    silent.token({
      jti,
      aud: RESOURCE,
      sub: 'alice',
      client_id: 'frontend',
      sid: 's',
      scope: 'contacts:read contacts:write',
    });
  const as = (jti: string) => new Caller(alone.url, tokenOf(jti));
  const ready = () => new Caller(alone.url).get('/health/ready');
  const contact = { name: 'Ada' };

  it('goes on reading while it is stale, answers writes with 503 and Retry-After, and stays ready and says so', async () => {
    await start();
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'up', checks: { revocations: 'up' } } });
    await as('1').get('/v1/contacts');
    await silent.stop();
    await untilStale();
    expect((await as('1').get('/v1/contacts')).status).toBe(200);
    const refused = await as('1').post('/v1/contacts', contact);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await ready()).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { database: 'up', revocations: 'stale' } },
    });
    await silent.start();
    await untilFresh(alone.app);
    expect((await as('1').post('/v1/contacts', contact)).status).toBe(201);
  });

  it('asks the provider about writes while only the stream fails (RFC 7662), and learns the rest when it is back', async () => {
    await start();
    await silent.transmitter.refusePolls([500, {}]);
    await untilStale();
    void silent.transmitter.tell(tokenSubject(silent.url, 'revoked'));
    expect((await as('good').post('/v1/contacts', contact)).status).toBe(201);
    expect((await as('revoked').post('/v1/contacts', contact)).status).toBe(401);
    expect((await as('revoked').get('/v1/contacts')).status).toBe(200);
    await silent.transmitter.refusePolls(undefined);
    await untilRefused(alone, tokenOf('revoked'));
  });

  /** Opens a stream that is too long to be sent at once; `closed` resolves when the server has ended it. */
  async function openStream() {
    await alone.dataSource.query(
      `INSERT INTO contacts (id, owner, name, email, phone, company, notes, version)
       SELECT gen_random_uuid(), 'alice', number, '', '', '', repeat('x', 10000), 1 FROM generate_series(1, 8000) AS number`,
    );
    const serverSide = new Promise<ServerResponse>((resolve) => {
      alone.app.getHttpServer().once('request', (_request: unknown, response: ServerResponse) => resolve(response));
    });
    const headers = { Authorization: `Bearer ${tokenOf('good')}`, Accept: 'application/x-ndjson' };
    const answer = await fetch(`${alone.url}/v1/contacts`, { headers });
    expect(answer.status).toBe(200);
    return { answer, closed: serverSide.then((response) => new Promise((resolve) => response.once('close', resolve))) };
  }

  it('breaks open streams off when it has been stale for too long', async () => {
    await start('fresh', { REVOCATION_STALE_SECONDS: '1' });
    const { answer, closed } = await openStream();
    await silent.stop();
    await closed;
    await expect(answer.text()).rejects.toThrow('terminated');
    expect((await ready()).body.checks.revocations).toBe('blind');
    await silent.start();
  });

  it('breaks streams off that were opened while it knew nothing, after as long as reads go on without news', async () => {
    void silent.transmitter.refusePolls([500, {}]);
    await start('up', { REVOCATION_STALE_SECONDS: '3' });
    const { answer, closed } = await openStream();
    await closed;
    await expect(answer.text()).rejects.toThrow('terminated');
    expect((await ready()).body.checks.revocations).toBe('blind');
  });

  it('asks about reads too when it never heard of it, and is 503 when it cannot ask', async () => {
    void silent.transmitter.refusePolls([500, {}]);
    await start('up');
    void silent.transmitter.tell(tokenSubject(silent.url, 'revoked'));
    expect((await as('good').get('/v1/contacts')).status).toBe(200);
    expect((await as('revoked').get('/v1/contacts')).status).toBe(401);
    expect(await ready()).toMatchObject({ status: 200, body: { checks: { revocations: 'blind' } } });
    await silent.stop();
    expect((await as('another').get('/v1/contacts')).status).toBe(503);
    await silent.start();
  });
});

describe('a replica that ends while it polls', () => {
  it('is replaced by another one, which goes on with the same stream', async () => {
    const own = new LoopbackIssuer();
    await own.start();
    const database = await testDatabase();
    const first = await startBackend(database, own);
    const second = await startBackend(database, own);
    const streams = [...own.transmitter.streams.keys()];
    await first.stop();
    const claims = { aud: RESOURCE, sub: 'alice', client_id: 'frontend', scope: 'contacts:read', sid: 'session' };
    const token = own.token(claims);
    expect(await opensAt(second, token)).toBe(200);
    await own.transmitter.tell(sessionSubject('session'));
    await untilRefused(second, token);
    expect([...own.transmitter.streams.keys()]).toEqual(streams);
    await second.stop();
    await own.stop();
  });
});

describe('GET /metrics', () => {
  it('tells how old the list is, how much it holds, and how long news took', async () => {
    const text = await (await fetch(`${backend.url}/metrics`)).text();
    expect(text).toMatch(/^revocation_feed_age_seconds\{server="backend"\} \d/m);
    expect(text).toMatch(/^revocation_entries\{server="backend"\} [1-9]/m);
    expect(text).toMatch(/^revocation_list_whole\{server="backend"\} 1/m);
    expect(text).toMatch(/^revocation_lag_seconds_count\{server="backend"\} [1-9]/m);
    expect(text).toMatch(/^revocation_events_refused_total\{server="backend"\} \d/m);
  });
});
