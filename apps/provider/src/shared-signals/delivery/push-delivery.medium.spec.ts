import { testDatabase } from '@trefoil/testing';
import type { ServerResponse } from 'node:http';
import { Revocations } from '../../issued-tokens/revocations.js';
import { request } from '../../testing/api-requests.js';
import { type ClientServer, startClientServer } from '../../testing/client-server.js';
import { claimsOfSet, givenStream, type GivenStream, send } from '../../testing/event-stream-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenGrant, payloadOf } from '../../testing/token-requests.js';
import { until } from '../../testing/until.js';
import { StreamMaintenance } from '../streams/stream-maintenance.js';

const PUSH = 'urn:ietf:rfc:8935';
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

let receiver: ClientServer;
let answer: (response: ServerResponse) => void;
let databaseUrl: string;
let provider: ProviderUnderTest;

const accept = (response: ServerResponse) => void response.writeHead(202).end();
const refuse = (err: string) => (response: ServerResponse) =>
  void response
    .writeHead(400, { 'content-type': 'application/json' })
    .end(JSON.stringify({ err, description: 'no\n' }));

beforeAll(async () => {
  receiver = await startClientServer((_request, response) => answer(response));
  databaseUrl = await testDatabase();
  provider = await startProvider(databaseUrl, {
    OUTBOUND_ALLOWED_ORIGINS: receiver.origin,
    STREAM_INACTIVITY_TIMEOUT: '3600',
  });
});
afterAll(async () => {
  await provider.stop();
  await receiver.stop();
});
beforeEach(async () => {
  answer = accept;
  await provider.dataSource.query('DELETE FROM event_streams');
  receiver.requests.length = 0;
});

/** Creates a push stream that has delivered all earlier events. */
async function givenPushed(content: object = {}): Promise<GivenStream> {
  const delivery = { method: PUSH, endpoint_url: `${receiver.origin}/events`, authorization_header: 'Bearer s3cret' };
  const stream = await givenStream(provider, { delivery, events_requested: [SESSION_REVOKED], ...content });
  const last = await endGrant();
  await arrived(last);
  receiver.requests.length = 0;
  return stream;
}
async function endGrant(at = provider): Promise<string> {
  const { grant } = await givenGrant(provider);
  await at.app.get(Revocations).revokeGrant(grant, {});
  return grant.id;
}
const pushedClaims = () => receiver.requests.map(({ body }) => payloadOf(body));
const pushedIds = () => pushedClaims().map(({ sub_id }) => (sub_id as { grant?: { id: string } }).grant?.id);
const arrived = (...ids: string[]) => until(() => (ids.every((id) => pushedIds().includes(id)) ? true : undefined));
const statusOf = async ({ id, token }: GivenStream) =>
  (await request(provider, `/ssf/status?stream_id=${id}`, { token })).body;
const failed = (stream: GivenStream) =>
  until(async () => {
    const status = await statusOf(stream);
    return status.failed_attempts > 0 ? status : undefined;
  });
/** Lets the next attempt follow at once, without the retry delay. */
const skipRetryDelay = () => provider.dataSource.query('UPDATE event_streams SET next_attempt_at = now()');
const metrics = async () => (await fetch(`${provider.url}/metrics`)).text();

describe('an event', () => {
  it('is pushed at once as a token, with the authorization header of the stream (RFC 8935 §2.1, SSF 1.0 §6.1.1)', async () => {
    await givenPushed();
    const id = await endGrant();
    const ended = Date.now();
    await arrived(id);
    expect(Date.now() - ended).toBeLessThan(2000);
    expect(receiver.requests).toHaveLength(1);
    expect((await claimsOfSet(provider, receiver.requests[0]?.body ?? '')).sub_id.grant.id).toBe(id);
    expect(receiver.requests[0]).toMatchObject({
      method: 'POST',
      path: '/events',
      headers: {
        'content-type': 'application/secevent+jwt',
        accept: 'application/json',
        authorization: 'Bearer s3cret',
      },
    });
    expect(await metrics()).toMatch(
      /security_event_tokens_total{method="push",outcome="delivered",server="provider"} [1-9]/,
    );
    expect(await metrics()).toMatch(/security_event_delivery_seconds_count{server="provider",method="push"} [1-9]/);
  });

  it('is pushed in the order of recording', async () => {
    await givenPushed();
    const ids = [await endGrant(), await endGrant(), await endGrant()];
    await arrived(ids[2] ?? '');
    expect(pushedIds()).toEqual(ids);
  });

  it('that verifies the stream is pushed like any other (SSF 1.0 §8.1.4)', async () => {
    const { id, token } = await givenPushed();
    await send(provider, 'POST', '/ssf/verification', token, { stream_id: id, state: 'abc' });
    const { body } = await until(() => receiver.requests[0]);
    expect((await claimsOfSet(provider, body)).events).toEqual({
      'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: 'abc' },
    });
  });

  it('cannot be polled', async () => {
    const { id, token } = await givenPushed();
    expect((await send(provider, 'POST', `/ssf/streams/${id}/poll`, token, {})).status).toBe(404);
  });
});

describe('an event that the receiver does not accept', () => {
  it.each([
    ['500', (response: ServerResponse) => void response.writeHead(500).end(), 'the response status was 500'],
    [
      '200, which is not 202 (RFC 8935 §2.2)',
      (response: ServerResponse) => void response.end(),
      'the response status was 200',
    ],
    [
      'a redirect',
      (response: ServerResponse) => void response.writeHead(307, { location: '/' }).end(),
      'the response status was 307',
    ],
    [
      '400 without a reason',
      (response: ServerResponse) => void response.writeHead(400).end('<p>'),
      'the response status was 400',
    ],
    ['authentication_failed (RFC 8935 §2.4)', refuse('authentication_failed'), 'authentication_failed: no '],
    ['access_denied (RFC 8935 §2.4)', refuse('access_denied'), 'access_denied: no '],
    ['invalid_key (RFC 8935 §2.4)', refuse('invalid_key'), 'invalid_key: no '],
    ['a closed connection', (response: ServerResponse) => void response.destroy(), 'the address cannot be reached'],
  ])('with %s is pushed again unchanged, before the events behind it', async (_, refusal, reason) => {
    const stream = await givenPushed();
    answer = refusal;
    const ids = [await endGrant()];
    expect(await failed(stream)).toMatchObject({ status: 'enabled', failed_attempts: 1, last_error: reason });
    answer = accept;
    ids.push(await endGrant());
    await skipRetryDelay();
    await arrived(ids[1] ?? '');
    const pushed = pushedIds();
    expect([pushed[0], ...pushed.slice(-2)]).toEqual([ids[0], ...ids]);
    expect(new Set(pushedClaims().map(({ jti }) => jti)).size).toBe(2);
    expect(await until(async () => ((await statusOf(stream)).last_error === undefined ? true : undefined))).toBe(true);
  });

  it.each(['invalid_request', 'invalid_issuer', 'invalid_audience', 'invalid_state'])(
    'because of %s is not pushed again, and the reason is in the status (RFC 8935 §2.4)',
    async (err) => {
      const stream = await givenPushed();
      answer = (response) => {
        answer = accept;
        refuse(err)(response);
      };
      const ids = [await endGrant()];
      await arrived(ids[0] ?? '');
      await until(async () => ((await statusOf(stream)).last_error === `${err}: no ` ? true : undefined));
      ids.push(await endGrant());
      await arrived(ids[1] ?? '');
      expect(pushedIds()).toEqual(ids);
      expect(await metrics()).toMatch(
        /security_event_tokens_total{method="push",outcome="refused",server="provider"} [1-9]/,
      );
    },
  );

  it('pauses the stream after the inactivity timeout; when enabled again, the stream delivers the event', async () => {
    const stream = await givenPushed();
    answer = (response) => void response.writeHead(503).end();
    const id = await endGrant();
    await failed(stream);
    await provider.dataSource.query(`UPDATE event_streams SET failing_since = now() - interval '2 hours'`);
    await provider.app.get(StreamMaintenance).run();
    expect(await statusOf(stream)).toMatchObject({ status: 'paused', last_error: 'the response status was 503' });
    answer = accept;
    receiver.requests.length = 0;
    await send(provider, 'POST', '/ssf/status', stream.token, { stream_id: stream.id, status: 'enabled' });
    await arrived(id);
    expect((await statusOf(stream)).status).toBe('enabled');
  });
});

describe('several replicas', () => {
  it('together push each event once', async () => {
    const { url, config } = provider;
    const keysOf = (keys: readonly Uint8Array[]) => keys.map((key) => Buffer.from(key).toString('base64url')).join(',');
    const other = await startProvider(databaseUrl, {
      ISSUER: url,
      OUTBOUND_ALLOWED_ORIGINS: receiver.origin,
      ENCRYPTION_KEY: keysOf(config.ENCRYPTION_KEY),
      GRANT_KEY: keysOf(config.GRANT_KEY),
    });
    await givenPushed();
    const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => endGrant(index % 2 ? provider : other)));
    await arrived(...ids);
    expect(pushedIds().sort()).toEqual(ids.sort());
    await other.stop();
  });

  it('take over the stream of a replica that stopped', async () => {
    await givenPushed();
    await provider.dataSource.query(`UPDATE event_streams SET next_attempt_at = now() + interval '1 second'`);
    await arrived(await endGrant());
  });
});
