import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { Clients } from '../../clients/clients.js';
import { Grants } from '../../grants/grants.js';
import { Revocations } from '../../issued-tokens/revocations.js';
import { SessionIds } from '../../sessions/session-ids.js';
import { claimsOfPoll, drain, givenStream, type GivenStream, poll, send } from '../../testing/event-stream-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenGrant, MARKETING_SYNC } from '../../testing/token-requests.js';
import { untilEventsAreSettled } from '../../testing/until.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

let databaseUrl: string;
let provider: ProviderUnderTest;
let other: ProviderUnderTest;
let stream: GivenStream;

/** Starts another replica on the same database, with the same issuer. */
function replicaOf(
  { url, config }: ProviderUnderTest,
  overrides: Record<string, string> = {},
): Promise<ProviderUnderTest> {
  const keysOf = (keys: readonly Uint8Array[]) => keys.map((key) => Buffer.from(key).toString('base64url')).join(',');
  return startProvider(databaseUrl, {
    ISSUER: url,
    ENCRYPTION_KEY: keysOf(config.ENCRYPTION_KEY),
    GRANT_KEY: keysOf(config.GRANT_KEY),
    ...overrides,
  });
}

beforeAll(async () => {
  databaseUrl = await testDatabase();
  provider = await startProvider(databaseUrl, { STREAM_POLL_WAIT: '20', STREAMS_PER_CLIENT: '100' });
  other = await replicaOf(provider);
});
afterAll(async () => {
  await other.stop();
  await provider.stop();
});
beforeEach(async () => {
  await provider.dataSource.query('DELETE FROM event_streams');
  stream = await givenDrainedStream();
});

/** Creates a stream that has delivered all earlier events. */
async function givenDrainedStream(at = provider): Promise<GivenStream> {
  const drained = await givenStream(at);
  await drain(at, drained);
  return drained;
}

/** Revokes a new grant, which records an event, and returns the id of the grant. */
async function endGrant(at = provider): Promise<string> {
  const { grant } = await givenGrant(provider);
  await at.app.get(Revocations).revokeGrant(grant, {});
  return grant.id;
}
const grantIds = (claims: Awaited<ReturnType<typeof claimsOfPoll>>) => claims.map(({ sub_id }) => sub_id.grant?.id);
const grantIdsOf = async (answer: Awaited<ReturnType<typeof poll>>) => grantIds(await claimsOfPoll(provider, answer));
const jtisOf = ({ body }: Awaited<ReturnType<typeof poll>>) => Object.keys(body.sets);

describe('a poll', () => {
  it('ignores acknowledgements with unknown ids, also with characters that PostgreSQL refuses', async () => {
    const id = await endGrant();
    const odd = ['\0', 'a\0b', '\uD800', randomUUID(), '999999999999999999-ffffffffffffffff-session-revoked'];
    const setErrs = { 'b\0': { err: 'invalid_request' } };
    const answer = await poll(provider, stream, { ack: odd, setErrs });
    expect([answer.status, await grantIdsOf(answer)]).toEqual([200, [id]]);
  });

  it('returns each revocation, by its jti, until it is acknowledged (RFC 8936 §2.3)', async () => {
    const id = await endGrant();
    const answer = await poll(provider, stream);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(answer.body.moreAvailable).toBe(false);
    const [claims] = await claimsOfPoll(provider, answer);
    expect(jtisOf(answer)).toEqual([claims?.jti]);
    expect(await grantIdsOf(answer)).toEqual([id]);
    const again = await poll(other, stream);
    expect(jtisOf(again)).toEqual(jtisOf(answer));
    expect(jtisOf(await poll(other, stream, { ack: jtisOf(again) }))).toEqual([]);
    expect(jtisOf(await poll(provider, stream))).toEqual([]);
  });

  it('returns events in the order of recording', async () => {
    const ids = [await endGrant(), await endGrant(other), await endGrant()];
    expect(await grantIdsOf(await poll(provider, stream))).toEqual(ids);
  });

  it('returns at most maxEvents, and whether there are more (RFC 8936 §2.2)', async () => {
    const ids = [await endGrant(), await endGrant(), await endGrant()];
    const first = await poll(provider, stream, { maxEvents: 2 });
    expect(first.body.moreAvailable).toBe(true);
    expect(await grantIdsOf(first)).toEqual(ids.slice(0, 2));
    const second = await poll(provider, stream, { maxEvents: 2, ack: jtisOf(first) });
    expect(second.body.moreAvailable).toBe(false);
    expect(await grantIdsOf(second)).toEqual(ids.slice(2));
  });

  it('with maxEvents 0 only acknowledges, and does not wait (RFC 8936 §2.4.2)', async () => {
    await endGrant();
    const first = await poll(provider, stream);
    const { body } = await poll(provider, stream, { ack: jtisOf(first), maxEvents: 0, returnImmediately: false });
    expect(body).toEqual({ sets: {}, moreAvailable: false });
    expect(jtisOf(await poll(provider, stream))).toEqual([]);
  });

  it('may acknowledge events in any order (RFC 8936 §2.2)', async () => {
    const ids = [await endGrant(), await endGrant(), await endGrant()];
    const [first, second, third] = jtisOf(await poll(provider, stream));
    expect(await grantIdsOf(await poll(provider, stream, { ack: [third] }))).toEqual(ids.slice(0, 2));
    expect(await grantIdsOf(await poll(provider, stream, { ack: [first] }))).toEqual(ids.slice(1, 2));
    expect(await grantIdsOf(await poll(provider, stream, { ack: [second] }))).toEqual([]);
    // Acknowledgements are kept while an older transaction runs, also one of another test on the same server.
    await untilEventsAreSettled(provider.dataSource);
    await poll(provider, stream, { ack: [second], maxEvents: 0 });
    const [{ count }] = await provider.dataSource.query<[{ count: string }]>(
      'SELECT count(*) FROM event_stream_acknowledgements WHERE stream_id = $1',
      [stream.id],
    );
    expect(count).toBe('0');
  });

  it('ignores acknowledgements of unknown events, and of events of another stream', async () => {
    const id = await endGrant();
    const strange = ['', 'x', '1-1-session-revoked', '999999999999999999-ff-session-revoked', `${'9'.repeat(40)}-1-x`];
    expect(await grantIdsOf(await poll(provider, stream, { ack: strange }))).toEqual([id]);
    const second = await givenStream(provider);
    const jtis = jtisOf(await poll(provider, second));
    await poll(provider, second, { ack: jtis });
    expect(await grantIdsOf(await poll(provider, stream))).toEqual([id]);
  });

  it('does not return an event again that the receiver refused, and counts the refusal (RFC 8936 §2.4.4)', async () => {
    await endGrant();
    const [jti = ''] = jtisOf(await poll(provider, stream));
    const setErrs = { [jti]: { err: 'invalid_request', description: 'not for me\n' } };
    expect(jtisOf(await poll(provider, stream, { setErrs }))).toEqual([]);
    const metrics = await (await fetch(`${provider.url}/metrics`)).text();
    expect(metrics).toMatch(/security_event_tokens_total{method="poll",outcome="refused",server="provider"} [1-9]/);
  });

  it('may have no body, because every member is optional (RFC 8936 §2.2)', async () => {
    await endGrant();
    const { status, body } = await send(provider, 'POST', `/ssf/streams/${stream.id}/poll`, stream.token);
    expect([status, Object.keys(body.sets).length]).toEqual([200, 1]);
  });

  it.each([
    ['maxEvents', -1],
    ['maxEvents', 1.5],
    ['maxEvents', '5'],
    ['returnImmediately', 'yes'],
    ['ack', 'a'],
    ['ack', [1]],
    ['setErrs', ['a']],
    ['setErrs', { a: 'b' }],
  ])('is refused when %s is %j (RFC 8936 §2.5.1)', async (name, value) => {
    const { status, body } = await poll(provider, stream, { [name]: value });
    expect(status).toBe(400);
    expect(body.errors[0].field.split('.')[0]).toBe(name);
  });

  it.each([
    ['that is not valid JSON', 'application/json', '{', 400],
    ['that is a form', 'application/x-www-form-urlencoded', 'maxEvents=1', 415],
    ['that is text', 'text/plain', '{}', 415],
  ])('is refused with a body %s', async (_, type, body, status) => {
    const answer = await fetch(`${provider.url}/ssf/streams/${stream.id}/poll`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stream.token}`, 'content-type': type },
      body,
    });
    expect(answer.status).toBe(status);
  });

  it('is refused for another receiver, and without a token', async () => {
    await provider.dataSource.query(
      `UPDATE clients SET scopes = '{contacts:export,ssf.manage}' WHERE client_id = 'marketing-sync'`,
    );
    const { token } = await givenStream(provider, {}, MARKETING_SYNC);
    expect((await poll(provider, { id: stream.id, token })).status).toBe(404);
    expect((await poll(provider, { id: 'nothing', token })).status).toBe(404);
    expect((await send(provider, 'POST', `/ssf/streams/${stream.id}/poll`, 'x')).status).toBe(401);
  });
});

describe('a poll that waits', () => {
  /** Starts a poll, and waits until it has stored the activity of the receiver, which it does before it waits. */
  async function waiting(at: ProviderUnderTest, ack: string[] = []) {
    await provider.dataSource.query(`UPDATE event_streams SET active_at = '2020-01-01'`);
    const answer = poll(at, stream, { returnImmediately: false, ack });
    for (;;) {
      const [row] = await provider.dataSource.query<{ active_at: Date }[]>('SELECT active_at FROM event_streams');
      if (row && row.active_at.getFullYear() > 2020) return { answer, since: Date.now() };
    }
  }

  it.each([
    ['this', () => provider],
    ['another', () => other],
  ])('is answered at once when a grant is revoked at %s replica', async (_, at) => {
    let waited = 0;
    let ack: string[] = [];
    for (let times = 0; times < 5; times++) {
      const { answer } = await waiting(provider, ack);
      const id = await endGrant(at());
      const revokedAt = Date.now();
      expect(await grantIdsOf(await answer)).toEqual([id]);
      waited += Date.now() - revokedAt;
      ack = jtisOf(await answer);
    }
    // Without notifications, each poll would wait for half of the interval of three seconds on average.
    expect(waited).toBeLessThan(4000);
  });

  it('is answered at once when another poll of the same stream begins, so that one of them is held (RFC 8936 §2.4)', async () => {
    const polls = [];
    for (let count = 0; count < 20; count++) polls.push((await waiting(provider)).answer);
    const last = polls.pop();
    for (const answer of await Promise.all(polls)) expect(answer.body).toEqual({ sets: {}, moreAvailable: false });
    const id = await endGrant();
    expect(last && (await grantIdsOf(await last))).toEqual([id]);
  });

  it('is held beside a poll of another stream', async () => {
    const { answer } = await waiting(provider);
    const second = poll(provider, await givenDrainedStream(), { returnImmediately: false });
    const id = await endGrant();
    for (const each of [await answer, await second]) expect(await grantIdsOf(each)).toEqual([id]);
  });

  it('is answered at once when the server stops', async () => {
    const stopping = await replicaOf(provider);
    const { answer, since } = await waiting(stopping);
    await stopping.stop();
    expect((await answer).body).toEqual({ sets: {}, moreAvailable: false });
    expect(Date.now() - since).toBeLessThan(5000);
  });

  it('is answered with 404 when the stream is deleted meanwhile', async () => {
    const { answer } = await waiting(provider);
    await send(other, 'DELETE', `/ssf/streams?stream_id=${stream.id}`, stream.token);
    await endGrant();
    expect((await answer).status).toBe(404);
  });

  it('is answered without events after the longest wait', async () => {
    const impatient = await replicaOf(provider, { STREAM_POLL_WAIT: '1' });
    const { body } = await poll(impatient, stream, { returnImmediately: false });
    expect(body).toEqual({ sets: {}, moreAvailable: false });
    await impatient.stop();
  });

  it('keeps the events when its receiver disconnects', async () => {
    const leaving = new AbortController();
    const answer = fetch(`${provider.url}/ssf/streams/${stream.id}/poll`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stream.token}` },
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(answer).rejects.toThrow();
    const id = await endGrant();
    expect(await grantIdsOf(await poll(provider, stream))).toEqual([id]);
  });
});

describe('an event whose transaction commits late', () => {
  /** Records a revocation in a transaction that stays open. */
  async function heldOpen(): Promise<{ id: string; commit: () => Promise<void> }> {
    const { grant } = await givenGrant(provider);
    const runner = provider.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(
      `INSERT INTO security_events (type, outcome, user_id, client_id, grant_id)
       VALUES ('grant-revoked', 'success', $1, $2, $3)`,
      [grant.userId, grant.clientId, grant.id],
    );
    const commit = async () => {
      await runner.commitTransaction();
      await runner.release();
    };
    return { id: grant.id, commit };
  }

  it('is never skipped, and does not delay events that commit before it, on either replica', async () => {
    const late = await heldOpen();
    const early = [await endGrant(), await endGrant(other)];
    const first = await poll(other, stream);
    expect(await grantIdsOf(first)).toEqual(early);
    expect(await grantIdsOf(await poll(provider, stream, { ack: jtisOf(first) }))).toEqual([]);
    early.push(await endGrant());
    const second = await poll(provider, stream);
    expect(await grantIdsOf(second)).toEqual(early.slice(2));
    await poll(other, stream, { ack: jtisOf(second) });
    await late.commit();
    expect(await grantIdsOf(await poll(other, stream))).toEqual([late.id]);
  });

  it('is never skipped by a stream that is created meanwhile', async () => {
    const late = await heldOpen();
    const early = await endGrant();
    const begun = await givenStream(other);
    expect(grantIds(await drain(other, begun))).toEqual(expect.arrayContaining([early]));
    await late.commit();
    expect(grantIds(await drain(provider, begun))).toEqual([late.id]);
  });

  it('is never skipped, in any order of commits and acknowledgements', async () => {
    const expected: string[] = [];
    const received: string[] = [];
    const open: Awaited<ReturnType<typeof heldOpen>>[] = [];
    for (let round = 0; round < 12; round++) {
      if (round % 2 === 0) open.push(await heldOpen());
      else expected.push(await endGrant(round % 3 ? provider : other));
      if (round % 3 === 2) {
        const [next] = open.splice(round % open.length, 1);
        if (next) expected.push(next.id);
        await next?.commit();
      }
      const answer = await poll(round % 2 ? other : provider, stream);
      const jtis = jtisOf(answer).filter((_, index) => index % 2 === 0);
      received.push(...(await grantIdsOf(answer)).filter((_, index) => index % 2 === 0));
      await poll(provider, stream, { ack: jtis, maxEvents: 0 });
    }
    for (const { id, commit } of open) {
      expected.push(id);
      await commit();
    }
    received.push(...grantIds(await drain(other, stream)));
    expect(received.sort()).toEqual(expected.sort());
  });
});

describe('a stream', () => {
  it('begins with the events within the longest lifetime of an access token', async () => {
    const young = await endGrant();
    const old = randomUUID();
    await provider.dataSource.query(
      `INSERT INTO security_events (type, outcome, grant_id, occurred_at)
       VALUES ('grant-revoked', 'success', $1, now() - interval '12 minutes')`,
      [old],
    );
    const firstEvents = async () => grantIds(await drain(provider, await givenStream(provider)));
    expect(await firstEvents()).toEqual(expect.arrayContaining([young]));
    expect(await firstEvents()).not.toEqual(expect.arrayContaining([old]));
    await provider.dataSource.query(`UPDATE resource_servers SET access_token_lifetime = 3600 WHERE name = 'Contacts'`);
    expect(await firstEvents()).toEqual(expect.arrayContaining([young, old]));
    await provider.dataSource.query(`UPDATE resource_servers SET access_token_lifetime = 600`);
  });

  it('continues after a copy of the database into a cluster that counts transactions from the beginning', async () => {
    await provider.dataSource.query(`UPDATE event_streams SET watermark = '999999999'`);
    const id = await endGrant();
    expect(await grantIdsOf(await poll(provider, stream))).toEqual([]);
    const restarted = await replicaOf(provider);
    expect(grantIds(await drain(provider, stream))).toEqual(expect.arrayContaining([id]));
    await restarted.stop();
  });

  it('does not read acknowledged events again', async () => {
    await endGrant();
    // The watermark stops before an older transaction that still runs, also one of another test on the same server.
    await untilEventsAreSettled(provider.dataSource);
    await drain(provider, stream);
    const [{ passed }] = await provider.dataSource.query<[{ passed: boolean }]>(
      `SELECT watermark > (SELECT max(transaction_id::text::bigint)::text::xid8 FROM security_events) AS passed
       FROM event_streams WHERE id = $1`,
      [stream.id],
    );
    expect(passed).toBe(true);
  });

  it('delivers nothing to a client that lost its scopes, and everything when it has them again', async () => {
    await endGrant();
    const before = await poll(provider, stream);
    expect(jtisOf(before)).toHaveLength(1);
    await provider.dataSource.query(`UPDATE clients SET scopes = '{account:read}' WHERE client_id = 'backend'`);
    expect(jtisOf(await poll(provider, stream))).toEqual([]);
    await provider.dataSource.query(
      `UPDATE clients SET scopes = '{account:read,directory:read,ssf.manage,ssf.read}' WHERE client_id = 'backend'`,
    );
    provider.app.get(Clients).forget('backend');
    expect(jtisOf(await poll(provider, stream))).toEqual(jtisOf(before));
  });

  it('delivers an event for the end of a session, and one for each of its grants, which tokens of every client name', async () => {
    const { grant } = await givenGrant(provider);
    const session = { id: grant.sessionId, userId: grant.userId };
    await provider.app.get(Revocations).revokeSession(session as never, {});
    const [ofSession, ofGrant, ...more] = await drain(provider, stream);
    expect(more).toEqual([]);
    const sid = provider.app.get(SessionIds).of({ clientId: 'backend' }, grant.sessionId);
    expect(ofSession?.sub_id.session).toEqual({ format: 'opaque', id: sid });
    expect(ofGrant?.sub_id.grant).toEqual({ format: 'opaque', id: grant.id });
    for (const claims of [ofSession, ofGrant]) expect(Object.keys(claims?.events ?? {})).toEqual([SESSION_REVOKED]);
    expect((await provider.app.get(Grants).find(grant.id))?.revokedAt).not.toBeNull();
  });
});
