import type { TokenSource } from './access-token.js';
import { RequestRefused, ServiceUnavailable, UnexpectedResponse } from './errors.js';
import { ResourceClient } from './resource-client.js';
import { type Answer, TestServer } from './testing/test-server.js';

let server: TestServer;
let pauses: number[];
let milliseconds: number;
let token: TokenSource;
let forgotten: string[];

beforeEach(async () => {
  server = await TestServer.start();
  pauses = [];
  milliseconds = Date.now();
  forgotten = [];
  token = {
    get: async () => ({ value: `token-${forgotten.length + 1}` }),
    forget: ({ value }) => void forgotten.push(value),
  };
});
afterEach(() => server.stop());

const anything = { parse: (body: unknown) => body };
const resourceClient = (options = {}) =>
  new ResourceClient({
    baseUrl: server.url,
    now: () => milliseconds,
    wait: async (pause) => {
      pauses.push(pause);
      milliseconds += pause;
    },
    random: () => 1,
    ...options,
  });

/** Makes the server send these responses in turn, and the last one from then on. */
function answerInTurn(...answers: Answer[]): void {
  server.answer = () => answers[Math.min(server.requests.length, answers.length) - 1];
}

describe('a request', () => {
  it('carries the token in the Authorization header and nowhere else (RFC 6750 §2.1)', async () => {
    answerInTurn({ body: {} });
    const headers = { authorization: 'Basic smuggled', 'if-match': '"1"' };
    const query = { search: 'a&b', cursor: undefined, limit: 5 };
    await resourceClient().json('/v1/contacts', anything, { token, headers, query });
    expect(server.requests).toEqual([
      expect.objectContaining({ method: 'GET', path: '/v1/contacts?search=a%26b&limit=5' }),
    ]);
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer token-1', 'if-match': '"1"' });
  });

  it('sends its body as JSON, and returns the status, headers and parsed body of the response', async () => {
    answerInTurn({ status: 201, headers: { etag: '"7"' }, body: { id: 'x' } });
    const schema = { parse: (body: unknown) => ({ parsed: body }) };
    const request = { token, method: 'POST', body: { name: 'Ada' } };
    const answer = await resourceClient().json('/v1/contacts', schema, request);
    expect(server.requests[0]).toMatchObject({
      body: '{"name":"Ada"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 201, body: { parsed: { id: 'x' } } });
    expect(answer.headers.get('etag')).toBe('"7"');
  });

  it('parses an empty response as undefined', async () => {
    answerInTurn({ status: 204 });
    const { body } = await resourceClient().json('/v1/contacts/1', anything, { token, method: 'DELETE' });
    expect(body).toBeUndefined();
  });

  it('keeps the path of the base URL', async () => {
    answerInTurn({ body: {} });
    await resourceClient({ baseUrl: `${server.url}/api/` }).json('/account', anything, { token });
    expect(server.requests[0]?.path).toBe('/api/account');
  });

  it.each([
    ['/poll?stream_id=a%20b', '', {}, '/poll?stream_id=a%20b'],
    ['/poll/', '', {}, '/poll/'],
    ['/poll/?tenant=1', '', { stream_id: 'a' }, '/poll/?tenant=1&stream_id=a'],
    ['/api/?tenant=1', '/account?full', { page: 2 }, '/api/account?tenant=1&full&page=2'],
    ['/api?page=1&tenant=1', '/account', { page: 2 }, '/api/account?tenant=1&page=2'],
  ])('keeps the query and the slash of the base URL: %s and %j with %j', async (base, path, query, sent) => {
    server.answer = () => ({ body: {} });
    await resourceClient({ baseUrl: server.url + base }).json(path, anything, { token, query });
    expect(server.requests[0]?.path).toBe(sent);
  });

  it.each(['//evil.example/v1', '@evil.example/', '.evil.example/', ':1/'])(
    'never sends the token to another server: %s',
    async (path) => {
      answerInTurn({ body: {} });
      const fetched: string[] = [];
      const spy = (url: URL, init: RequestInit) => (fetched.push(url.origin), fetch(url, init));
      const outcome = await resourceClient({ fetch: spy })
        .json(path, anything, { token })
        .catch((error: unknown) => (error as Error).name);
      expect(outcome === 'TypeError' || fetched.length === 1).toBe(true);
      expect(fetched.every((origin) => origin === server.url)).toBe(true);
    },
  );

  it('is sent over https only, except on loopback (RFC 6750 §5.3)', () => {
    expect(() => resourceClient({ baseUrl: 'http://api.example.com' })).toThrow(TypeError);
  });
});

describe('a response', () => {
  it('with 4xx is a RequestRefused with the problem document (RFC 9457)', async () => {
    const problem = { title: 'Not Found', status: 404 };
    answerInTurn({ status: 404, headers: { 'content-type': 'application/problem+json' }, body: problem });
    const refusal = resourceClient().json('/', anything, { token });
    await expect(refusal).rejects.toThrow(RequestRefused);
    await expect(refusal).rejects.toMatchObject({ status: 404, problem });
  });

  it('with 4xx and no JSON is a RequestRefused too', async () => {
    answerInTurn({ status: 400, body: '<html>' });
    await expect(resourceClient().json('/', anything, { token })).rejects.toMatchObject({
      status: 400,
      problem: undefined,
    });
  });

  it('with 500 is a ServiceUnavailable, and the request is not repeated', async () => {
    answerInTurn({ status: 500 });
    await expect(resourceClient().json('/', anything, { token })).rejects.toThrow(ServiceUnavailable);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['is not JSON', { body: '<html>' }],
    ['is a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ])('that %s is an UnexpectedResponse', async (_, answer) => {
    answerInTurn(answer);
    await expect(resourceClient().json('/', anything, { token })).rejects.toThrow(UnexpectedResponse);
    expect(server.requests).toHaveLength(1);
  });

  it('that does not match the schema is an UnexpectedResponse with the error as its cause', async () => {
    answerInTurn({ body: { id: 1 } });
    const fault = new Error('id must be a string');
    const schema = {
      parse: () => {
        throw fault;
      },
    };
    await expect(resourceClient().json('/', schema, { token })).rejects.toMatchObject({
      name: 'UnexpectedResponse',
      cause: fault,
    });
  });
});

describe('a token that is not accepted', () => {
  const invalidToken = { status: 401, headers: { 'www-authenticate': 'Bearer realm="x", error="invalid_token"' } };

  it('is discarded, and the request is sent once more with another token (RFC 6750 §3.1)', async () => {
    server.answer = ({ headers }) => (headers.authorization === 'Bearer token-2' ? { body: {} } : invalidToken);
    await resourceClient().json('/', anything, { token, method: 'POST' });
    expect(forgotten).toEqual(['token-1']);
    expect(server.requests).toHaveLength(2);
  });

  it('is not replaced a second time', async () => {
    answerInTurn(invalidToken);
    await expect(resourceClient().json('/', anything, { token })).rejects.toMatchObject({ status: 401 });
    expect(server.requests).toHaveLength(2);
  });

  it('is not sent again when there is no other token', async () => {
    answerInTurn(invalidToken);
    token.get = async () => ({ value: 'the only one' });
    await expect(resourceClient().json('/', anything, { token })).rejects.toMatchObject({ status: 401 });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [401, 'Bearer realm="x"'],
    [403, 'Bearer realm="x", error="insufficient_scope"'],
  ])('is kept when the challenge has another reason: %s %s', async (status, challenge) => {
    answerInTurn({ status, headers: { 'www-authenticate': challenge } });
    await expect(resourceClient().json('/', anything, { token })).rejects.toMatchObject({ status });
    expect(forgotten).toEqual([]);
  });
});

describe('a repeated request', () => {
  it.each<[string, Answer]>([
    ['a closed connection', 'hang up'],
    ['429', { status: 429 }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
  ])('is sent again after %s', async (_, answer) => {
    answerInTurn(answer, answer, { body: '"third"' });
    expect(await resourceClient().json('/', anything, { token })).toMatchObject({ body: 'third' });
    expect(server.requests).toHaveLength(3);
    expect(pauses).toEqual([100, 200]);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('may have the method %s', async (method) => {
    answerInTurn({ status: 503 }, { status: 204 });
    await resourceClient().json('/', anything, { token, method });
    expect(server.requests).toHaveLength(2);
  });

  it('may be a POST with an Idempotency-Key', async () => {
    answerInTurn({ status: 503 }, { status: 204 });
    const headers = { 'Idempotency-Key': 'abc' };
    await resourceClient().json('/', anything, { token, method: 'POST', headers });
    expect(server.requests.map(({ headers: sent }) => sent['idempotency-key'])).toEqual(['abc', 'abc']);
  });

  it.each(['POST', 'PATCH'])('may not be a %s without an Idempotency-Key', async (method) => {
    answerInTurn('hang up');
    await expect(resourceClient().json('/', anything, { token, method })).rejects.toThrow(ServiceUnavailable);
    expect(server.requests).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    answerInTurn({ status: 503, headers: { 'retry-after': '1' } }, { status: 204 });
    await resourceClient().json('/', anything, { token });
    expect(pauses).toEqual([1000]);
  });

  it('waits until the date in Retry-After', async () => {
    const date = new Date(Math.ceil(milliseconds / 1000) * 1000 + 1000).toUTCString();
    answerInTurn({ status: 503, headers: { 'retry-after': date } }, { status: 204 });
    await resourceClient({ timeoutMilliseconds: 5000 }).json('/', anything, { token });
    expect(pauses[0]).toBeGreaterThanOrEqual(1000);
  });

  it('is not sent when Retry-After is beyond the timeout, and the error has its value', async () => {
    answerInTurn({ status: 503, headers: { 'retry-after': '60' } });
    const failure = resourceClient().json('/', anything, { token });
    await expect(failure).rejects.toMatchObject({ status: 503, retryAfterSeconds: 60 });
    expect(pauses).toEqual([]);
  });

  it('waits for a random part of the longest pause', async () => {
    answerInTurn({ status: 503 });
    await expect(resourceClient({ random: () => 0.25 }).json('/', anything, { token })).rejects.toThrow();
    expect(pauses).toEqual([25, 50]);
  });
});

describe('the timeout', () => {
  it('ends a request that is not answered', async () => {
    answerInTurn(undefined);
    const failure = resourceClient({ timeoutMilliseconds: 30 }).json('/', anything, { token, method: 'POST' });
    await expect(failure).rejects.toThrow(ServiceUnavailable);
  });
});

describe('stream', () => {
  it('returns the response with its body unread', async () => {
    answerInTurn({ headers: { 'content-type': 'application/x-ndjson' }, body: '{"id":1}\n{"id":2}\n' });
    const response = await resourceClient().stream('/v1/exports/contacts', { token });
    expect(await response.text()).toBe('{"id":1}\n{"id":2}\n');
  });
});

describe('the signal of the caller', () => {
  it('aborts a request that waits for its response', async () => {
    answerInTurn(undefined);
    const caller = new AbortController();
    const failure = resourceClient().json('/', anything, { token, method: 'POST', signal: caller.signal });
    while (server.requests.length === 0) await new Promise(setImmediate);
    caller.abort();
    await expect(failure).rejects.toThrow(ServiceUnavailable);
  });
});
