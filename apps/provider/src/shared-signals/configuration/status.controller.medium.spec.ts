import { testDatabase } from '@trefoil/testing';
import { Revocations } from '../../issued-tokens/revocations.js';
import { request } from '../../testing/api-requests.js';
import { claimsOfPoll, drain, givenStream, type GivenStream, poll, send } from '../../testing/event-stream-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenGrant, MARKETING_SYNC } from '../../testing/token-requests.js';
import { StreamMaintenance } from '../streams/stream-maintenance.js';

const SSF = 'https://schemas.openid.net/secevent/ssf/event-type';

let provider: ProviderUnderTest;
let stream: GivenStream;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), { STREAM_INACTIVITY_TIMEOUT: '3600' });
  await provider.dataSource.query(
    `UPDATE clients SET scopes = '{contacts:export,ssf.manage}' WHERE client_id = 'marketing-sync'`,
  );
});
afterAll(() => provider.stop());
beforeEach(async () => {
  await provider.dataSource.query('DELETE FROM event_streams');
  stream = await givenStream(provider);
  await drain(provider, stream);
});

async function endGrant(): Promise<string> {
  const { grant } = await givenGrant(provider);
  await provider.app.get(Revocations).revokeGrant(grant, {});
  return grant.id;
}
const statusOf = async ({ id, token } = stream) =>
  (await request(provider, `/ssf/status?stream_id=${id}`, { token })).body;
const setStatus = (status: string, reason?: string) =>
  send(provider, 'POST', '/ssf/status', stream.token, { stream_id: stream.id, status, reason });
const verify = (json: object, token = stream.token) => send(provider, 'POST', '/ssf/verification', token, json);
const drained = async () => (await drain(provider, stream)).map(({ sub_id, events }) => sub_id.grant?.id ?? events);

describe('the status of a stream', () => {
  it('is enabled at first, and readable by its receiver only (SSF 1.0 §8.1.2.1)', async () => {
    expect(await statusOf()).toEqual({ stream_id: stream.id, status: 'enabled' });
    const others = await givenStream(provider, {}, MARKETING_SYNC);
    expect((await request(provider, `/ssf/status?stream_id=${stream.id}`, { token: others.token })).status).toBe(404);
    expect((await request(provider, '/ssf/status', { token: stream.token })).status).toBe(404);
  });

  it('can be set by the receiver, with a reason (SSF 1.0 §8.1.2.2)', async () => {
    const { status, body } = await setStatus('paused', 'maintenance');
    expect([status, body]).toEqual([200, { stream_id: stream.id, status: 'paused', reason: 'maintenance' }]);
    expect(await statusOf()).toEqual(body);
    expect((await setStatus('enabled')).body).toEqual({ stream_id: stream.id, status: 'enabled' });
  });

  it('paused holds events until the stream is enabled (SSF 1.0 §8.1.2.1)', async () => {
    await setStatus('paused');
    const ids = [await endGrant(), await endGrant()];
    expect((await poll(provider, stream)).body).toEqual({ sets: {}, moreAvailable: false });
    expect((await statusOf()).status).toBe('paused');
    await setStatus('enabled');
    expect(await drained()).toEqual(ids);
  });

  it('disabled delivers nothing; when enabled again, the stream delivers all events that may still matter', async () => {
    await setStatus('disabled');
    const id = await endGrant();
    expect(await drained()).toEqual([]);
    await setStatus('enabled');
    expect(await drained()).toContain(id);
  });

  it.each([
    ['status', { status: 'gone' }],
    ['status', {}],
    ['reason', { status: 'paused', reason: 'a\0b' }],
    ['stream_id', { stream_id: 1, status: 'paused' }],
  ])('is not changed by a request with an invalid %s (SSF 1.0 §8.1.2.2)', async (field, json) => {
    const answer = await send(provider, 'POST', '/ssf/status', stream.token, { stream_id: stream.id, ...json });
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, field]);
    expect((await statusOf()).status).toBe('enabled');
  });
});

describe('a stream with an inactive receiver', () => {
  const makeOld = () =>
    provider.dataSource.query(`UPDATE event_streams SET active_at = now() - interval '2 hours'`).then(() => undefined);
  const maintain = () => provider.app.get(StreamMaintenance).run();

  it('is paused after the inactivity timeout, with a reason (SSF 1.0 §8.1.1, §8.1.5)', async () => {
    await maintain();
    expect((await statusOf()).status).toBe('enabled');
    await makeOld();
    await maintain();
    expect(await statusOf()).toMatchObject({ status: 'paused', reason: expect.stringContaining('polled') });
    const metrics = await (await fetch(`${provider.url}/metrics`)).text();
    expect(metrics).toContain('event_streams{status="paused",server="provider"} 1');
    expect(metrics).toContain('event_streams{status="disabled",server="provider"} 0');
  });

  it('is enabled when its receiver polls again, and delivers both changes and the events that may still matter', async () => {
    await makeOld();
    await maintain();
    const id = await endGrant();
    const [paused, enabled, ...others] = await drained();
    expect(paused).toEqual({ [`${SSF}/stream-updated`]: { status: 'paused', reason: expect.any(String) } });
    expect(enabled).toEqual({ [`${SSF}/stream-updated`]: { status: 'enabled', reason: expect.any(String) } });
    expect(others).toContain(id);
    expect((await statusOf()).status).toBe('enabled');
  });

  it('stays paused when its receiver has paused it', async () => {
    await setStatus('paused');
    await makeOld();
    await maintain();
    await poll(provider, stream);
    expect((await statusOf()).status).toBe('paused');
  });
});

describe('a verification event', () => {
  it('contains the state of the request (SSF 1.0 §8.1.4.1)', async () => {
    const answer = await verify({ stream_id: stream.id, state: 'Zustand ✓' });
    expect([answer.status, answer.body]).toEqual([204, {}]);
    const polled = await poll(provider, stream);
    const [claims, ...more] = await claimsOfPoll(provider, polled);
    expect(more).toEqual([]);
    expect(claims).toEqual({
      iss: provider.url,
      aud: 'backend',
      iat: expect.any(Number),
      jti: Object.keys(polled.body.sets)[0],
      sub_id: { format: 'opaque', id: stream.id },
      events: { [`${SSF}/verification`]: { state: 'Zustand ✓' } },
    });
    expect((await poll(provider, stream, { ack: [claims?.jti] })).body.sets).toEqual({});
  });

  it('contains no state when the request has none', async () => {
    await verify({ stream_id: stream.id });
    expect(await drained()).toEqual([{ [`${SSF}/verification`]: {} }]);
  });

  it('may be requested once per verification interval (SSF 1.0 §8.1.4.2)', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => verify({ stream_id: stream.id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 429, 429]);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('10');
    await provider.dataSource.query(`UPDATE event_streams SET verified_at = now() - interval '10 seconds'`);
    expect((await verify({ stream_id: stream.id })).status).toBe(204);
  });

  it('may be requested for the streams of the receiver only, by a valid request (SSF 1.0 §8.1.4.2)', async () => {
    const others = await givenStream(provider, {}, MARKETING_SYNC);
    expect((await verify({ stream_id: stream.id }, others.token)).status).toBe(404);
    expect((await verify({})).body.errors[0].field).toBe('stream_id');
    expect((await verify({ stream_id: stream.id, state: 7 })).body.errors[0].field).toBe('state');
  });

  it('is not delivered over a paused stream until the stream is enabled', async () => {
    await setStatus('paused');
    await verify({ stream_id: stream.id, state: 'a' });
    expect(await drained()).toEqual([]);
    await setStatus('enabled');
    expect(await drained()).toEqual([{ [`${SSF}/verification`]: { state: 'a' } }]);
  });
});
