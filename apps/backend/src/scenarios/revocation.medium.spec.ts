import { RevocationList } from '@trefoil/guards';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import {
  Caller,
  clientSubject,
  grantSubject,
  LoopbackIssuer,
  sessionSubject,
  type Subject,
  testDatabase,
  tokenSubject,
} from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type BackendUnderTest, RESOURCE, startBackend, untilFresh } from '../testing/backend-under-test.js';
import { givenContacts } from '../testing/given-contacts.js';

const issuer = new LoopbackIssuer();
const { transmitter } = issuer;
let databaseUrl: string;
let backend: BackendUnderTest;
let replica: BackendUnderTest;

beforeAll(async () => {
  await issuer.start();
  databaseUrl = await testDatabase();
  // Both start at the same time, as replicas do.
  [backend, replica] = await Promise.all([startBackend(databaseUrl, issuer), startBackend(databaseUrl, issuer)]);
});
afterAll(async () => {
  await Promise.all([backend.stop(), replica.stop()]);
  await issuer.stop();
});

/** Issues a user's token. Its id, grant and session are new unless the test gives them. */
function givenToken(claims: Partial<AccessTokenClaims> = {}) {
  const ids = { jti: randomUUID(), grant_id: randomUUID(), sid: randomUUID(), client_id: 'frontend', ...claims };
  const scope = 'contacts:read contacts:write';
  return { ids, token: issuer.token({ aud: RESOURCE, sub: 'alice', scope, ...ids }) };
}

const opensAt = async ({ url }: BackendUnderTest, token: string) =>
  (await new Caller(url, token).get('/v1/contacts')).status;

/** Waits until a replica refuses a token, also one that does not poll the stream itself. */
async function untilRefused(at: BackendUnderTest, token: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await opensAt(at, token)) !== 401) if (Date.now() > deadline) throw new Error('the token is still accepted');
}

describe('a token that the provider revoked', () => {
  it.each<[string, (ids: ReturnType<typeof givenToken>['ids']) => Subject]>([
    ['itself', ({ jti }) => tokenSubject(issuer.url, jti)],
    ['with its grant', ({ grant_id }) => grantSubject(grant_id)],
    ['with its session', ({ sid }) => sessionSubject(sid)],
  ])('%s is refused by every replica with invalid_token (RFC 6750 §3.1)', async (_, subjectOf) => {
    const { ids, token } = givenToken();
    const { token: other } = givenToken();
    expect([await opensAt(backend, token), await opensAt(replica, token)]).toEqual([200, 200]);
    await transmitter.sendEvent(subjectOf(ids));
    await Promise.all([untilRefused(backend, token), untilRefused(replica, token)]);
    const { headers, body } = await new Caller(backend.url, token).get('/v1/contacts');
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(body.detail).toBe('The token has been revoked.');
    expect([await opensAt(backend, other), await opensAt(replica, other)]).toEqual([200, 200]);
  });

  it('with its client is refused, and tokens of the next client generation are accepted', async () => {
    const [old, older, next] = [1, undefined, 2].map((client_generation) =>
      givenToken({ client_id: 'api-docs', client_generation }),
    );
    if (!old || !older || !next) throw new Error('three were given');
    await transmitter.sendEvent(clientSubject('api-docs'), { generation: 2 });
    await Promise.all([untilRefused(replica, old.token), untilRefused(backend, older.token)]);
    expect([await opensAt(backend, next.token), await opensAt(replica, next.token)]).toEqual([200, 200]);
  });

  it('revokes every token that was exchanged for it (RFC 8693 §1.1)', async () => {
    const origin = { jti: randomUUID(), client_id: 'frontend' };
    const { token } = givenToken({ origins: [origin] });
    expect(await opensAt(backend, token)).toBe(200);
    await transmitter.sendEvent(tokenSubject(issuer.url, origin.jti));
    await untilRefused(backend, token);
  });

  it('is refused by a replica that starts later, from its first request', async () => {
    const { ids, token } = givenToken();
    await transmitter.sendEvent(grantSubject(ids.grant_id));
    const late = await startBackend(databaseUrl, issuer, {}, 'up');
    expect(await opensAt(late, token)).toBe(401);
    await late.stop();
  });
});

describe('the stream', () => {
  it('is shared by all replicas, also when they start at the same time', () => {
    expect([...transmitter.streams.values()]).toMatchObject([{ description: `Revocations for ${RESOURCE}` }]);
  });

  it('is kept by an installation while another one with the same client and a database of its own starts', async () => {
    const [first] = transmitter.streams.keys();
    const other = await startBackend(await testDatabase(), issuer);
    expect([...transmitter.streams.keys()]).toEqual([first, expect.any(String)]);
    const { ids, token } = givenToken();
    await transmitter.sendEvent(grantSubject(ids.grant_id));
    await Promise.all([untilRefused(backend, token), untilRefused(replica, token), untilRefused(other, token)]);
    const [, second] = transmitter.streams.keys();
    expect([...transmitter.streams.keys()]).toEqual([first, second]);
    await other.stop();
    transmitter.streams.delete(second ?? '');
  });

  it('is created again after it was deleted, and no revocation is lost', async () => {
    const [old] = transmitter.streams.keys();
    transmitter.deleteStreams();
    const { ids, token } = givenToken();
    await transmitter.sendEvent(sessionSubject(ids.sid));
    await Promise.all([untilRefused(backend, token), untilRefused(replica, token)]);
    expect(transmitter.streams.size).toBe(1);
    expect([...transmitter.streams.keys()]).not.toEqual([old]);
  });

  it('is resumed after it was paused (SSF 1.0 §8.1.2)', async () => {
    transmitter.setStatus('paused');
    await transmitter.refusePolls([503, {}]);
    await transmitter.refusePolls(undefined);
    const { ids, token } = givenToken();
    await transmitter.sendEvent(sessionSubject(ids.sid));
    await untilRefused(backend, token);
  });

  it.each<[string, object, string]>([
    ['of another issuer', { iss: 'https://attacker.example' }, 'invalid_issuer'],
    ['for another receiver', { aud: 'somebody-else' }, 'invalid_audience'],
    ['with the sub claim of a token', { sub: 'alice' }, 'invalid_request'],
    ['that expires', { exp: 4_000_000_000 }, 'invalid_request'],
    ['with two events', { events: { 'https://one.example': {}, 'https://two.example': {} } }, 'invalid_request'],
    ['with no event', { events: {} }, 'invalid_request'],
    ['without a subject', { sub_id: undefined }, 'invalid_request'],
    ['under the id of another SET', { jti: 'another' }, 'invalid_request'],
  ])('refuses a SET %s (RFC 8935 §2.4, RFC 8936 §2.6)', async (_, claims, code) => {
    const before = Object.keys(transmitter.refusals).length;
    const { ids, token } = givenToken();
    await transmitter.sendEvent(grantSubject(ids.grant_id), {}, claims);
    const refusals = Object.values(transmitter.refusals).slice(before);
    expect(refusals).toMatchObject([{ err: code }]);
    expect(await opensAt(backend, token)).toBe(200);
  });

  it.each([
    ['not a JWT', 'nothing', 'invalid_request'],
    ['an access token', () => givenToken().token, 'invalid_request'],
    [
      'an unsigned SET',
      `${Buffer.from('{"alg":"none","typ":"secevent+jwt"}').toString('base64url')}.e30.`,
      'invalid_request',
    ],
  ])('refuses an event that is %s (RFC 8725 §3.11)', async (_, set, code) => {
    const jti = randomUUID();
    await transmitter.sendSet(jti, typeof set === 'string' ? set : set());
    expect(transmitter.refusals[jti]).toMatchObject({ err: code });
  });

  it('acknowledges events that revoke nothing here', async () => {
    const before = Object.keys(transmitter.refusals).length;
    await transmitter.sendEvent({ format: 'iss_sub', iss: issuer.url, sub: 'alice' });
    await transmitter.sendEvent(sessionSubject('any'), {}, { events: { 'https://schemas.openid.net/else': {} } });
    expect(Object.keys(transmitter.refusals)).toHaveLength(before);
  });
});

describe('a resource server that receives no events', () => {
  // The revocation list becomes stale after one second without an answer.
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
    while (!(await alone.app.get(RevocationList).health?.check())) await new Promise(setImmediate);
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

  it('allows reads with a stale list, answers writes with 503 and Retry-After, and reports itself ready but degraded', async () => {
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

  it('introspects tokens for writes while only the stream fails (RFC 7662), and catches up when it is back', async () => {
    await start();
    await silent.transmitter.refusePolls([500, {}]);
    await untilStale();
    void silent.transmitter.sendEvent(tokenSubject(silent.url, 'revoked'));
    expect((await as('good').post('/v1/contacts', contact)).status).toBe(201);
    expect((await as('revoked').post('/v1/contacts', contact)).status).toBe(401);
    expect((await as('revoked').get('/v1/contacts')).status).toBe(200);
    await silent.transmitter.refusePolls(undefined);
    await untilRefused(alone, tokenOf('revoked'));
  });

  /** Opens a stream that is larger than the socket buffers; `closed` resolves when the server has closed it. */
  async function openStream() {
    await givenContacts(alone.dataSource, 'alice', 8000, 'x'.repeat(10_000));
    const serverSide = new Promise<ServerResponse>((resolve) => {
      alone.app.getHttpServer().once('request', (_request: unknown, response: ServerResponse) => resolve(response));
    });
    const headers = { Authorization: `Bearer ${tokenOf('good')}`, Accept: 'application/x-ndjson' };
    const answer = await fetch(`${alone.url}/v1/contacts`, { headers });
    expect(answer.status).toBe(200);
    return { answer, closed: serverSide.then((response) => new Promise((resolve) => response.once('close', resolve))) };
  }

  it('aborts open streams when the list has been stale for too long', async () => {
    await start('fresh', { REVOCATION_STALE_SECONDS: '1' });
    const { answer, closed } = await openStream();
    await silent.stop();
    await closed;
    await expect(answer.text()).rejects.toThrow('terminated');
    expect((await ready()).body.checks.revocations).toBe('blind');
    await silent.start();
  });

  it('aborts streams that were opened without a list after the time for which reads are allowed with a stale list', async () => {
    void silent.transmitter.refusePolls([500, {}]);
    await start('up', { REVOCATION_STALE_SECONDS: '3' });
    const { answer, closed } = await openStream();
    await closed;
    await expect(answer.text()).rejects.toThrow('terminated');
    expect((await ready()).body.checks.revocations).toBe('blind');
  });

  it('introspects tokens that live longer than revocations are kept', async () => {
    const revoked = tokenOf('revoked');
    await start('fresh', { REVOCATION_KEPT_SECONDS: '59' });
    expect((await as('good').get('/v1/contacts')).status).toBe(200);
    // An event for another audience is not kept, so that only the provider knows of this revocation.
    await silent.transmitter.sendEvent(tokenSubject(silent.url, 'revoked'), {
      token_audience: ['https://other.example'],
    });
    expect(await opensAt(alone, revoked)).toBe(401);
    await alone.stop();
    await start('fresh', { REVOCATION_KEPT_SECONDS: '60' });
    expect(await opensAt(alone, revoked)).toBe(200);
  });

  it('introspects tokens for reads too when it never had a list, and is 503 when introspection fails', async () => {
    void silent.transmitter.refusePolls([500, {}]);
    await start('up');
    void silent.transmitter.sendEvent(tokenSubject(silent.url, 'revoked'));
    expect((await as('good').get('/v1/contacts')).status).toBe(200);
    expect((await as('revoked').get('/v1/contacts')).status).toBe(401);
    expect(await ready()).toMatchObject({ status: 200, body: { checks: { revocations: 'blind' } } });
    await silent.stop();
    expect((await as('another').get('/v1/contacts')).status).toBe(503);
    await silent.start();
  });
});

describe('a replica that stops while it polls', () => {
  it('is replaced by another replica, which continues the same stream', async () => {
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
    await own.transmitter.sendEvent(sessionSubject('session'));
    await untilRefused(second, token);
    expect([...own.transmitter.streams.keys()]).toEqual(streams);
    await second.stop();
    await own.stop();
  });
});

describe('GET /metrics', () => {
  it('reports the age and size of the list and the delay of events', async () => {
    const text = await (await fetch(`${backend.url}/metrics`)).text();
    expect(text).toMatch(/^revocation_feed_age_seconds\{server="backend"\} \d/m);
    expect(text).toMatch(/^revocation_entries\{server="backend"\} [1-9]/m);
    expect(text).toMatch(/^revocation_list_whole\{server="backend"\} 1/m);
    expect(text).toMatch(/^revocation_lag_seconds_count\{server="backend"\} [1-9]/m);
    expect(text).toMatch(/^revocation_events_refused_total\{server="backend"\} \d/m);
  });
});
