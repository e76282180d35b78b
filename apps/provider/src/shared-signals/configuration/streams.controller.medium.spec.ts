import { testDatabase } from '@trefoil/testing';
import { Revocations } from '../../issued-tokens/revocations.js';
import { request } from '../../testing/api-requests.js';
import { drain, givenStream, givenStreamToken, send } from '../../testing/event-stream-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenClient } from '../../testing/test-clients.js';
import { givenGrant, MARKETING_SYNC, post } from '../../testing/token-requests.js';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';
const POLL = 'urn:ietf:rfc:8936';
const PUSH = 'urn:ietf:rfc:8935';
const ALLOWED = 'http://127.0.0.1:9';

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), { STREAMS_PER_CLIENT: '2', OUTBOUND_ALLOWED_ORIGINS: ALLOWED });
  await provider.dataSource.query(
    `UPDATE clients SET scopes = '{contacts:export,ssf.manage}' WHERE client_id = 'marketing-sync'`,
  );
  token = await givenStreamToken(provider);
});
afterAll(() => provider.stop());
beforeEach(() => provider.dataSource.query('DELETE FROM event_streams'));

const create = (json?: unknown) => send(provider, 'POST', '/ssf/streams', token, json);
const read = (id?: string, by = token) =>
  request(provider, `/ssf/streams${id === undefined ? '' : `?stream_id=${id}`}`, { token: by });

describe('the metadata of the transmitter', () => {
  it('is public and complete (SSF 1.0 §7.1)', async () => {
    const { status, headers, body } = await request(provider, '/.well-known/ssf-configuration');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(body).toEqual({
      spec_version: '1_0',
      issuer: provider.url,
      jwks_uri: `${provider.url}/jwks`,
      delivery_methods_supported: [PUSH, POLL],
      configuration_endpoint: `${provider.url}/ssf/streams`,
      status_endpoint: `${provider.url}/ssf/status`,
      verification_endpoint: `${provider.url}/ssf/verification`,
      critical_subject_members: ['session', 'grant', 'application'],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: 'ALL',
    });
  });

  it('names endpoints that exist and require a token', async () => {
    const { body } = await request(provider, '/.well-known/ssf-configuration');
    for (const url of [body.configuration_endpoint, body.status_endpoint]) expect((await fetch(url)).status).toBe(401);
    expect((await fetch(body.verification_endpoint, { method: 'POST' })).status).toBe(401);
  });

  it('does not exist for the path of another issuer (SSF 1.0 §7.2.1)', async () => {
    expect((await request(provider, '/.well-known/ssf-configuration/tenant')).status).toBe(404);
  });
});

describe('a receiver', () => {
  it('creates a stream, with delivery by poll as the default (SSF 1.0 §8.1.1.1)', async () => {
    const { status, headers, body } = await create({});
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      stream_id: expect.stringMatching(/^[\w-]+$/),
      iss: provider.url,
      aud: 'backend',
      events_supported: body.events_delivered,
      events_delivered: expect.arrayContaining([`${CAEP}/session-revoked`, `${RISC}/account-disabled`]),
      delivery: { method: POLL, endpoint_url: `${provider.url}/ssf/streams/${body.stream_id}/poll` },
      min_verification_interval: 10,
      inactivity_timeout: 604800,
    });
    expect((await create()).status).toBe(201);
  });

  it('may request certain events and set a description (SSF 1.0 §8.1.1)', async () => {
    const events_requested = [`${CAEP}/session-revoked`, 'urn:example:other'];
    const { body } = await create({ events_requested, description: 'Ünser Strom', something: 'else' });
    expect(body).toMatchObject({
      events_requested,
      events_delivered: [`${CAEP}/session-revoked`],
      description: 'Ünser Strom',
    });
    expect(body).not.toHaveProperty('something');
  });

  it('may set an authorization header for push, which is stored encrypted and never returned (SSF 1.0 §6.1.1)', async () => {
    const delivery = { method: PUSH, endpoint_url: `${ALLOWED}/events` };
    const { status, body } = await create({ delivery: { ...delivery, authorization_header: 'Bearer s3cret' } });
    expect(status).toBe(201);
    expect(body.delivery).toEqual(delivery);
    expect(body).not.toHaveProperty('inactivity_timeout');
    const [row] = await provider.dataSource.query<[Record<string, unknown>]>('SELECT * FROM event_streams');
    expect(Buffer.isBuffer(row.authorization_header)).toBe(true);
    expect(JSON.stringify(Object.values(row).map(String))).not.toContain('s3cret');
  });

  it('cannot have more streams than allowed, even by concurrent requests (SSF 1.0 §8.1.1.1)', async () => {
    const answers = await Promise.all([create({}), create({}), create({}), create({})]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect((await givenStream(provider, {}, MARKETING_SYNC)).id).toBeDefined();
  });

  it('reads one or all of its own streams, and no others (SSF 1.0 §8.1.1.2)', async () => {
    expect((await read()).body).toEqual([]);
    const first = (await create({})).body;
    const second = (await create({ description: 'second' })).body;
    const others = await givenStream(provider, {}, MARKETING_SYNC);
    expect((await read()).body).toEqual([first, second]);
    expect((await read(second.stream_id)).body).toEqual(second);
    expect((await read(others.id)).status).toBe(404);
    expect((await read(first.stream_id, others.token)).status).toBe(404);
    expect((await read('nothing')).status).toBe(404);
    expect((await read('')).status).toBe(404);
  });

  it('changes the members of the request and keeps the others (SSF 1.0 §8.1.1.3)', async () => {
    const { body: stream } = await create({ description: 'first', events_requested: [`${CAEP}/session-revoked`] });
    const { status, body } = await send(provider, 'PATCH', '/ssf/streams', token, {
      stream_id: stream.stream_id,
      description: 'second',
    });
    expect([status, body]).toEqual([200, { ...stream, description: 'second' }]);
    expect((await read(stream.stream_id)).body).toEqual(body);
  });

  it('replaces all members: missing ones are reset (SSF 1.0 §8.1.1.4)', async () => {
    const delivery = { method: PUSH, endpoint_url: `${ALLOWED}/events` };
    const { body: stream } = await create({
      description: 'first',
      delivery,
      events_requested: [`${CAEP}/session-revoked`],
    });
    const { status, body } = await send(provider, 'PUT', '/ssf/streams', token, { stream_id: stream.stream_id });
    expect(status).toBe(200);
    expect(body.delivery.method).toBe(POLL);
    expect(body).not.toHaveProperty('description');
    expect(body).not.toHaveProperty('events_requested');
  });

  it.each(['PATCH', 'PUT'])('may repeat members of the transmitter by %s, but not change them', async (method) => {
    const { body: stream } = await create({});
    expect((await send(provider, method, '/ssf/streams', token, stream)).status).toBe(200);
    for (const [name, value] of [
      ['iss', 'https://else.example'],
      ['aud', ['backend']],
      ['events_supported', []],
      ['events_delivered', [`${CAEP}/session-revoked`]],
      ['min_verification_interval', 1],
      ['inactivity_timeout', 1],
    ] as const) {
      const { status, body } = await send(provider, method, '/ssf/streams', token, { ...stream, [name]: value });
      expect([status, body.errors[0].field]).toEqual([400, name]);
    }
    expect((await read(stream.stream_id)).body).toEqual(stream);
  });

  it('receives earlier events that may still matter when it requests more event types', async () => {
    const stream = await givenStream(provider, { events_requested: [`${RISC}/account-enabled`] });
    const { grant } = await givenGrant(provider);
    await provider.app.get(Revocations).revokeGrant(grant, {});
    expect(await drain(provider, stream)).toEqual([]);
    await send(provider, 'PATCH', '/ssf/streams', token, {
      stream_id: stream.id,
      events_requested: [`${CAEP}/session-revoked`],
    });
    const received = await drain(provider, stream);
    expect(received.map(({ sub_id }) => sub_id.grant?.id)).toContain(grant.id);
  });

  it('deletes its stream, once (SSF 1.0 §8.1.1.5)', async () => {
    const { body: stream } = await create({});
    const others = await givenStream(provider, {}, MARKETING_SYNC);
    const remove = (id: string) => send(provider, 'DELETE', `/ssf/streams?stream_id=${id}`, token);
    expect((await remove(stream.stream_id)).status).toBe(204);
    expect((await remove(stream.stream_id)).status).toBe(404);
    expect((await remove(others.id)).status).toBe(404);
    expect((await send(provider, 'DELETE', '/ssf/streams', token)).status).toBe(404);
    expect((await read(others.id, others.token)).status).toBe(200);
  });

  it('loses its streams when its client is deleted', async () => {
    const client = await givenClient(provider, { grantTypes: ['client_credentials'], scopes: ['ssf.manage'] });
    await givenStream(provider, {}, client.authorization);
    await provider.dataSource.query('DELETE FROM clients WHERE client_id = $1', [client.clientId]);
    expect(await provider.dataSource.query('SELECT FROM event_streams')).toEqual([]);
  });
});

describe('a request for a stream', () => {
  it.each([
    ['events_requested', { events_requested: 'all' }],
    ['events_requested', { events_requested: [] }],
    ['events_requested.0', { events_requested: [1] }],
    ['events_requested.0', { events_requested: ['a\0b'] }],
    ['description', { description: 7 }],
    ['description', { description: 'a\0b' }],
    ['description', { description: 'x'.repeat(1001) }],
    ['delivery', { delivery: 'poll' }],
    ['delivery.method', { delivery: {} }],
    ['delivery.method', { delivery: { method: 'urn:ietf:rfc:9999' } }],
    ['delivery.endpoint_url', { delivery: { method: POLL, endpoint_url: 'https://rp.example/' } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH, endpoint_url: 'events' } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH, endpoint_url: 'http://rp.example/events' } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH, endpoint_url: 'https://u:p@rp.example/' } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH, endpoint_url: 'https://10.0.0.1/events' } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH, endpoint_url: 'https://[fe80::1]/events' } }],
    [
      'delivery.authorization_header',
      { delivery: { method: PUSH, endpoint_url: 'https://rp.example/', authorization_header: 'a\r\nb: c' } },
    ],
  ])('is refused with an error that names %s: %j (SSF 1.0 §8.1.1.1)', async (field, json) => {
    const { status, headers, body } = await create(json);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it.each(['null', '[]', '"x"', '{'])('is refused when its body is %s', async (text) => {
    const answer = await fetch(`${provider.url}/ssf/streams`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: text,
    });
    expect(answer.status).toBe(400);
  });

  it.each(['PATCH', 'PUT'])(
    'by %s needs the stream_id of a stream of the receiver (SSF 1.0 §8.1.1.3)',
    async (method) => {
      const others = await givenStream(provider, {}, MARKETING_SYNC);
      expect((await send(provider, method, '/ssf/streams', token, {})).body.errors[0].field).toBe('stream_id');
      for (const stream_id of [others.id, 'nothing']) {
        expect((await send(provider, method, '/ssf/streams', token, { stream_id })).status).toBe(404);
      }
    },
  );
});

describe('a token', () => {
  const refused = async (by: string | undefined, method: string, path: string) => {
    const { status, headers } = await request(provider, path, { method, ...(by !== undefined && { token: by }) });
    return [status, headers.get('www-authenticate')?.match(/error="(\w+)"/)?.[1]];
  };

  it('with ssf.read may read and poll streams, but not change them (CAEP Interoperability Profile, OAuth Scopes)', async () => {
    const stream = await givenStream(provider);
    const reader = await givenStreamToken(provider, undefined, 'ssf.read');
    expect((await read(stream.id, reader)).status).toBe(200);
    expect((await request(provider, `/ssf/status?stream_id=${stream.id}`, { token: reader })).status).toBe(200);
    expect(await drain(provider, { ...stream, token: reader })).toEqual(expect.any(Array));
    for (const [method, path] of [
      ['POST', '/ssf/streams'],
      ['PATCH', '/ssf/streams'],
      ['PUT', '/ssf/streams'],
      ['DELETE', `/ssf/streams?stream_id=${stream.id}`],
      ['POST', '/ssf/status'],
      ['POST', '/ssf/verification'],
    ] as const) {
      expect([path, await refused(reader, method, path)]).toEqual([path, [403, 'insufficient_scope']]);
    }
  });

  it('without either scope, or with a user, is refused (RFC 6750 §3.1)', async () => {
    const directory = await givenStreamToken(provider, undefined, 'directory:read');
    expect(await refused(directory, 'GET', '/ssf/streams')).toEqual([403, 'insufficient_scope']);
    expect(await refused(directory, 'GET', '/ssf/status')).toEqual([403, 'insufficient_scope']);
    const { redemption } = await givenGrant(provider, { resources: [`${provider.url}/api`] });
    const { body } = await post(provider, '/token', redemption, 'Basic ZnJvbnRlbmQ6ZnJvbnRlbmQtZGVtby1zZWNyZXQ=');
    expect(await refused(body.access_token, 'GET', '/ssf/streams')).toEqual([403, 'insufficient_scope']);
    expect(await refused(undefined, 'GET', '/ssf/streams')).toEqual([401, undefined]);
  });
});
