import { ServiceUnavailable, TokenRequestRefused, UnexpectedResponse } from './errors.js';
import { ServiceClient } from './service-client.js';
import { type Answer, type ReceivedRequest, TestServer } from './testing/test-server.js';

const LIFE_SECONDS = 600;
const scope = 'contacts:export';

let provider: TestServer;
let seconds: number;
let pauses: number[];
let tokenAnswer: (request: ReceivedRequest) => Answer;

beforeEach(async () => {
  provider = await TestServer.start();
  seconds = 1_000_000;
  pauses = [];
  tokenAnswer = () => token(`token-${tokenRequests().length}`);
  provider.answer = (request) =>
    request.path.startsWith('/.well-known/') ? { body: metadata() } : tokenAnswer(request);
});
afterEach(() => provider.stop());

const metadata = () => ({ issuer: provider.url, token_endpoint: `${provider.url}/token` });
const token = (access_token: string, extra = {}): Answer => ({
  body: { access_token, token_type: 'Bearer', expires_in: LIFE_SECONDS, ...extra },
});
const tokenRequests = () => provider.requests.filter(({ path }) => path === '/token');
const formOf = (request?: ReceivedRequest) => Object.fromEntries(new URLSearchParams(request?.body));
const serviceClient = (options = {}) =>
  new ServiceClient({
    issuer: provider.url,
    clientId: 'marketing-sync',
    clientSecret: 'se:cret',
    now: () => seconds * 1000,
    wait: async (pause) => void pauses.push(pause),
    random: () => 1,
    ...options,
  });

/** Waits for work in the background. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}

describe('token', () => {
  it('is requested with client credentials and HTTP Basic (RFC 6749 §4.4, §2.3.1)', async () => {
    await serviceClient().token({ resource: 'http://localhost:3002', scope });
    const [request] = tokenRequests();
    expect(formOf(request)).toEqual({ grant_type: 'client_credentials', resource: 'http://localhost:3002', scope });
    expect(request?.headers.authorization).toBe(
      `Basic ${Buffer.from('marketing%2Dsync:se%3Acret').toString('base64')}`,
    );
  });

  it('has the value, the expiry and the scopes that the provider granted', async () => {
    tokenAnswer = () => token('a', { scope: 'one two' });
    const { value, expiresAt, scopes } = await serviceClient().token({ scope: 'one two three' });
    expect(value).toBe('a');
    expect(expiresAt).toEqual(new Date((seconds + LIFE_SECONDS) * 1000));
    expect([...scopes]).toEqual(['one', 'two']);
  });

  it('has the requested scopes when the response names none (RFC 6749 §5.1)', async () => {
    expect([...(await serviceClient().token({ scope: 'one two' })).scopes]).toEqual(['one', 'two']);
  });

  it('is requested once for 100 concurrent callers', async () => {
    const client = serviceClient();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => client.token({ scope })));
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['token-1']));
    expect(tokenRequests()).toHaveLength(1);
    expect(provider.requests).toHaveLength(2);
  });

  it('is cached for each resource and scope', async () => {
    const client = serviceClient();
    const requests = [{ scope }, { scope: 'other' }, { scope, resource: 'http://a' }, { scope, resource: 'http://b' }];
    const first = await Promise.all(requests.map((request) => client.token(request)));
    const second = await Promise.all(requests.map((request) => client.token(request)));
    expect(new Set(first).size).toBe(4);
    expect(second).toEqual(first);
  });

  it('is renewed in the background after 80 % of its lifetime', async () => {
    const client = serviceClient();
    await client.token({ scope });
    seconds += 0.8 * LIFE_SECONDS - 1;
    expect((await client.token({ scope })).value).toBe('token-1');
    expect(tokenRequests()).toHaveLength(1);
    seconds += 1;
    expect((await client.token({ scope })).value).toBe('token-1');
    await until(async () => (await client.token({ scope })).value === 'token-2');
    expect(tokenRequests()).toHaveLength(2);
  });

  it('is renewed 30 s before it expires when its lifetime is short', async () => {
    tokenAnswer = () => token(`token-${tokenRequests().length}`, { expires_in: 100 });
    const client = serviceClient();
    await client.token({ scope });
    seconds += 69;
    await client.token({ scope });
    expect(tokenRequests()).toHaveLength(1);
    seconds += 1;
    await client.token({ scope });
    await until(() => tokenRequests().length === 2);
  });

  it('is requested before the call returns when the old one is about to expire', async () => {
    const client = serviceClient();
    await client.token({ scope });
    seconds += LIFE_SECONDS - 5;
    expect((await client.token({ scope })).value).toBe('token-2');
  });

  it('stays in use when a renewal fails, which is tried again after a pause', async () => {
    const client = serviceClient();
    await client.token({ scope });
    tokenAnswer = () => ({ status: 500 });
    seconds += 0.8 * LIFE_SECONDS;
    expect((await client.token({ scope })).value).toBe('token-1');
    await until(() => tokenRequests().length === 2);
    let calls = 0;
    await until(async () => (await client.token({ scope })).value === 'token-1' && ++calls === 100);
    expect(tokenRequests()).toHaveLength(2);
    tokenAnswer = () => token('renewed');
    seconds += 5;
    await until(async () => (await client.token({ scope })).value === 'renewed');
    expect(tokenRequests()).toHaveLength(3);
  });

  it('is not returned after it has expired; the error of the renewal is thrown', async () => {
    const client = serviceClient();
    await client.token({ scope });
    tokenAnswer = () => ({ status: 500 });
    seconds += LIFE_SECONDS;
    await expect(client.token({ scope })).rejects.toThrow(ServiceUnavailable);
  });

  it('is requested again after it was discarded, once for all callers that discard it', async () => {
    const client = serviceClient();
    const old = await client.token({ scope });
    const renewed = await Promise.all(
      Array.from({ length: 10 }, () => {
        client.forget(old);
        return client.token({ scope });
      }),
    );
    client.forget(old);
    expect((await client.token({ scope })).value).toBe('token-2');
    expect(new Set(renewed.map(({ value }) => value))).toEqual(new Set(['token-2']));
  });

  it('is requested again after an error', async () => {
    const client = serviceClient();
    tokenAnswer = () => ({ status: 400, body: { error: 'invalid_scope' } });
    await expect(client.token({ scope })).rejects.toThrow(TokenRequestRefused);
    tokenAnswer = () => token('a');
    expect((await client.token({ scope })).value).toBe('a');
  });
});

describe('exchange', () => {
  const request = { subjectToken: 'subject', resource: 'http://localhost:3001', scope: 'account:read' };

  it('sends the subject token and its type (RFC 8693 §2.1)', async () => {
    await serviceClient().exchange(request);
    expect(formOf(tokenRequests()[0])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'subject',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: 'http://localhost:3001',
      scope: 'account:read',
    });
  });

  it('sends one request for 100 concurrent callers with the same subject token', async () => {
    const client = serviceClient();
    await Promise.all(Array.from({ length: 100 }, () => client.exchange(request)));
    expect(tokenRequests()).toHaveLength(1);
  });

  it('never returns the token of another subject token', async () => {
    const client = serviceClient();
    tokenAnswer = (asked) => token(`for ${formOf(asked).subject_token}`);
    const subjects = ['alice', 'bob', 'alice'];
    const tokens = await Promise.all(subjects.map((subjectToken) => client.exchange({ ...request, subjectToken })));
    expect(tokens.map(({ value }) => value)).toEqual(['for alice', 'for bob', 'for alice']);
  });

  it('caches 1000 tokens, and drops the least recently used one', async () => {
    const client = serviceClient();
    for (let index = 0; index <= 1000; index++) {
      await client.exchange({ ...request, subjectToken: String(index) });
      await client.exchange({ ...request, subjectToken: '0' });
    }
    expect(tokenRequests()).toHaveLength(1001);
    await client.exchange({ ...request, subjectToken: '0' });
    expect(tokenRequests()).toHaveLength(1001);
    await client.exchange({ ...request, subjectToken: '1' });
    expect(tokenRequests()).toHaveLength(1002);
  });
});

describe('another provider', () => {
  const ISSUER = 'https://id.example.com/tenant/';

  it.each(['/.well-known/oauth-authorization-server/tenant', '/tenant/.well-known/openid-configuration'])(
    'is found by its metadata at %s (RFC 8414 §3.1, OpenID Connect Discovery §4.1)',
    async (address) => {
      const issuer = `${provider.url}/tenant/`;
      provider.answer = (request) =>
        request.path === address
          ? { body: { ...metadata(), issuer } }
          : request.path === '/token'
            ? token('a')
            : { status: 404 };
      expect((await serviceClient({ issuer }).token({ scope })).value).toBe('a');
    },
  );

  it('is not asked for a second document while it is down', async () => {
    provider.answer = () => ({ status: 503 });
    await expect(serviceClient({ wait: undefined, random: () => 0 }).token({ scope })).rejects.toThrow(
      ServiceUnavailable,
    );
    expect(new Set(provider.requests.map(({ path }) => path)).size).toBe(1);
  });

  it('is reached at an internal URL, with the query of its endpoints', async () => {
    provider.answer = ({ path }) =>
      path === '/inside/token?tenant=1'
        ? token('a')
        : { body: { issuer: ISSUER, token_endpoint: `${ISSUER}token?tenant=1` } };
    const client = serviceClient({ issuer: ISSUER, internalUrl: `${provider.url}/inside` });
    expect((await client.token({ scope })).value).toBe('a');
    expect(provider.requests.map(({ path }) => path)).toEqual([
      '/.well-known/oauth-authorization-server/inside',
      '/inside/token?tenant=1',
    ]);
  });

  it('receives no secret over plain http at an endpoint that its metadata names, unless its origin is allowed', async () => {
    const sent: string[] = [];
    const fakeFetch: typeof fetch = async (url) => {
      sent.push(String(url instanceof Request ? url.url : url));
      return sent.length === 1
        ? Response.json({ issuer: ISSUER, token_endpoint: 'http://id.internal:8080/token' })
        : Response.json({ access_token: 'a', token_type: 'Bearer' });
    };
    const options = { issuer: ISSUER, fetch: fakeFetch };
    await expect(serviceClient(options).token({ scope })).rejects.toThrow(ServiceUnavailable);
    expect(sent).toHaveLength(1);
    sent.length = 0;
    const allowed = serviceClient({ ...options, plainHttpOrigins: ['http://id.internal:8080'] });
    expect((await allowed.token({ scope })).value).toBe('a');
    expect(sent).toEqual([
      'https://id.example.com/.well-known/oauth-authorization-server/tenant',
      'http://id.internal:8080/token',
    ]);
  });

  it.each([
    ['audience', { audience: 'https://api' }],
    ['none', {}],
    ['resource', { resource: 'https://api' }],
  ])('is told the resource server of a token by the parameter %s (RFC 8693 §2.1, RFC 8707 §2)', async (name, sent) => {
    tokenAnswer = () => token('a', { issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' });
    const client = serviceClient({ resourceParameter: name });
    await client.token({ resource: 'https://api', scope });
    await client.exchange({ subjectToken: 'user', resource: 'https://api', scope });
    const [forItself, exchanged] = tokenRequests().map(formOf);
    expect(forItself).toEqual({ grant_type: 'client_credentials', scope, ...sent });
    expect(exchanged).toMatchObject(sent);
    expect(Object.keys(exchanged ?? {}).sort()).toEqual(
      ['grant_type', 'scope', 'subject_token', 'subject_token_type', ...Object.keys(sent)].sort(),
    );
  });
});

describe('a provider that refuses', () => {
  it('is a TokenRequestRefused with code and description (RFC 6749 §5.2)', async () => {
    tokenAnswer = () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'the token has expired' } });
    const refusal = serviceClient().token({ scope });
    await expect(refusal).rejects.toThrow(TokenRequestRefused);
    await expect(refusal).rejects.toMatchObject({ code: 'invalid_grant', description: 'the token has expired' });
    expect(tokenRequests()).toHaveLength(1);
  });

  it('is a TokenRequestRefused when the response has a challenge (RFC 6749 §5.2)', async () => {
    const body = { error: 'invalid_client', error_description: 'client authentication failed' };
    tokenAnswer = () => ({ status: 401, headers: { 'www-authenticate': 'Basic realm="token"' }, body });
    const refusal = serviceClient().token({ scope });
    await expect(refusal).rejects.toThrow(TokenRequestRefused);
    await expect(refusal).rejects.toMatchObject({ code: body.error, description: body.error_description });
  });
});

describe('a provider that is down', () => {
  it('is a ServiceUnavailable after three attempts with growing pauses', async () => {
    tokenAnswer = () => 'hang up';
    await expect(serviceClient().token({ scope })).rejects.toThrow(ServiceUnavailable);
    expect(tokenRequests()).toHaveLength(3);
    expect(pauses).toEqual([100, 200]);
  });

  it('is called again without a restart', async () => {
    const client = serviceClient();
    provider.answer = () => ({ status: 503 });
    await expect(client.token({ scope })).rejects.toMatchObject({ name: 'ServiceUnavailable', status: 503 });
    provider.answer = ({ path }) => (path === '/token' ? token('a') : { body: metadata() });
    expect((await client.token({ scope })).value).toBe('a');
  });

  it('is not called again when Retry-After is beyond the timeout, and the error has its value', async () => {
    tokenAnswer = () => ({ status: 429, headers: { 'retry-after': '30' } });
    const failure = serviceClient().token({ scope });
    await expect(failure).rejects.toMatchObject({ name: 'ServiceUnavailable', status: 429, retryAfterSeconds: 30 });
    expect(tokenRequests()).toHaveLength(1);
  });
});

describe('a provider that sends an unexpected response', () => {
  it.each<[string, Answer]>([
    ['not JSON', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['no token', { body: { token_type: 'Bearer' } }],
    ['an error without a code', { status: 400, body: { message: 'no' } }],
  ])('is an UnexpectedResponse: %s', async (_, answer) => {
    tokenAnswer = () => answer;
    await expect(serviceClient().token({ scope })).rejects.toThrow(UnexpectedResponse);
  });

  it('is an UnexpectedResponse when its metadata names another issuer (RFC 8414 §3.3)', async () => {
    provider.answer = () => ({ body: { ...metadata(), issuer: 'http://127.0.0.1:1' } });
    await expect(serviceClient().token({ scope })).rejects.toThrow(UnexpectedResponse);
  });
});

it('sends the secret over https only, except to loopback', () => {
  expect(() => serviceClient({ issuer: 'http://auth.example.com' })).toThrow(TypeError);
  expect(() => serviceClient({ issuer: 'http://auth.localhost:3001' })).not.toThrow();
  expect(() => serviceClient({ issuer: 'https://auth.example.com' })).not.toThrow();
});

describe('introspect', () => {
  const introspected = () => provider.requests.filter(({ path }) => path === '/introspect');
  const answering = (answer: Answer) => {
    provider.answer = ({ path }) =>
      path === '/introspect'
        ? answer
        : { body: { ...metadata(), introspection_endpoint: `${provider.url}/introspect` } };
  };

  it.each([true, false])('asks the provider each time, and returns its answer: %s (RFC 7662 §2.2)', async (active) => {
    answering({ body: { active, ...(active && { sub: 'alice' }) } });
    const client = serviceClient();
    const answers = [await client.introspect('the token'), await client.introspect('the token')];
    const members = { active, ...(active && { sub: 'alice' }) };
    expect(answers).toEqual(Array(2).fill({ active, sub: active ? 'alice' : undefined, members }));
    expect(introspected()).toHaveLength(2);
    expect(formOf(introspected()[0])).toMatchObject({ token: 'the token' });
    expect(introspected()[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it.each([
    ['one', 'https://api'],
    ['several', ['https://api', 'account']],
  ])('returns the audiences of a token, of which a provider may name %s (RFC 7662 §2.2)', async (_, aud) => {
    answering({ body: { active: true, aud } });
    expect((await serviceClient().introspect('the token')).aud).toEqual([aud].flat());
  });

  it('throws an error, and does not report an inactive token, when the provider is down', async () => {
    answering({ status: 503 });
    await expect(serviceClient().introspect('the token')).rejects.toThrow(ServiceUnavailable);
  });

  it('throws an error, and does not report an inactive token, when the provider refuses the client (RFC 7662 §2.3)', async () => {
    answering({ status: 401, body: { error: 'invalid_client' } });
    await expect(serviceClient().introspect('the token')).rejects.toThrow(TokenRequestRefused);
  });
});
