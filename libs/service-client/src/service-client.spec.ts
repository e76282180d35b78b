import { ServiceUnavailable, TokenRequestRefused, UnexpectedResponse } from './errors.js';
import { ServiceClient } from './service-client.js';
import { type Answer, type ReceivedRequest, TestServer } from './test-server.js';

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

/** Lets what goes on in the background come to its end. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}

describe('token', () => {
  it('asks with client credentials and HTTP Basic (RFC 6749 §4.4, §2.3.1)', async () => {
    await serviceClient().token({ resource: 'http://localhost:3002', scope });
    const [request] = tokenRequests();
    expect(formOf(request)).toEqual({ grant_type: 'client_credentials', resource: 'http://localhost:3002', scope });
    expect(request?.headers.authorization).toBe(
      `Basic ${Buffer.from('marketing%2Dsync:se%3Acret').toString('base64')}`,
    );
  });

  it('gives the value, the end and the scopes that were granted', async () => {
    tokenAnswer = () => token('a', { scope: 'one two' });
    const { value, expiresAt, scopes } = await serviceClient().token({ scope: 'one two three' });
    expect(value).toBe('a');
    expect(expiresAt).toEqual(new Date((seconds + LIFE_SECONDS) * 1000));
    expect([...scopes]).toEqual(['one', 'two']);
  });

  it('takes the scopes that were asked for when the answer names none (RFC 6749 §5.1)', async () => {
    expect([...(await serviceClient().token({ scope: 'one two' })).scopes]).toEqual(['one', 'two']);
  });

  it('asks once for 100 callers at the same time', async () => {
    const client = serviceClient();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => client.token({ scope })));
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['token-1']));
    expect(tokenRequests()).toHaveLength(1);
    expect(provider.requests).toHaveLength(2);
  });

  it('keeps a token for each resource and scope', async () => {
    const client = serviceClient();
    const requests = [{ scope }, { scope: 'other' }, { scope, resource: 'http://a' }, { scope, resource: 'http://b' }];
    const first = await Promise.all(requests.map((request) => client.token(request)));
    const second = await Promise.all(requests.map((request) => client.token(request)));
    expect(new Set(first).size).toBe(4);
    expect(second).toEqual(first);
  });

  it('renews in the background at 80 % of the life, and callers do not wait', async () => {
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

  it('renews 30 s before the end of a short life', async () => {
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

  it('waits for a new token when the old one is about to end', async () => {
    const client = serviceClient();
    await client.token({ scope });
    seconds += LIFE_SECONDS - 5;
    expect((await client.token({ scope })).value).toBe('token-2');
  });

  it('goes on with the old token when a renewal fails, and tries again after a pause', async () => {
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

  it('tells the failure once the old token has ended', async () => {
    const client = serviceClient();
    await client.token({ scope });
    tokenAnswer = () => ({ status: 500 });
    seconds += LIFE_SECONDS;
    await expect(client.token({ scope })).rejects.toThrow(ServiceUnavailable);
  });

  it('asks anew after a token was forgotten, once for all who forget it', async () => {
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

  it('does not keep a failure', async () => {
    const client = serviceClient();
    tokenAnswer = () => ({ status: 400, body: { error: 'invalid_scope' } });
    await expect(client.token({ scope })).rejects.toThrow(TokenRequestRefused);
    tokenAnswer = () => token('a');
    expect((await client.token({ scope })).value).toBe('a');
  });
});

describe('exchange', () => {
  const request = { subjectToken: 'subject', resource: 'http://localhost:3001', scope: 'account:read' };

  it('asks with the subject token and its type (RFC 8693 §2.1)', async () => {
    await serviceClient().exchange(request);
    expect(formOf(tokenRequests()[0])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'subject',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: 'http://localhost:3001',
      scope: 'account:read',
    });
  });

  it('asks once for 100 callers at the same time with the same subject token', async () => {
    const client = serviceClient();
    await Promise.all(Array.from({ length: 100 }, () => client.exchange(request)));
    expect(tokenRequests()).toHaveLength(1);
  });

  it('gives nobody the token of another subject token', async () => {
    const client = serviceClient();
    tokenAnswer = (asked) => token(`for ${formOf(asked).subject_token}`);
    const subjects = ['alice', 'bob', 'alice'];
    const tokens = await Promise.all(subjects.map((subjectToken) => client.exchange({ ...request, subjectToken })));
    expect(tokens.map(({ value }) => value)).toEqual(['for alice', 'for bob', 'for alice']);
  });

  it('keeps 1000 tokens and gives up the one that was used least recently', async () => {
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

describe('a provider that refuses', () => {
  it('is a TokenRequestRefused with code and description (RFC 6749 §5.2)', async () => {
    tokenAnswer = () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'the token has expired' } });
    const refusal = serviceClient().token({ scope });
    await expect(refusal).rejects.toThrow(TokenRequestRefused);
    await expect(refusal).rejects.toMatchObject({ code: 'invalid_grant', description: 'the token has expired' });
    expect(tokenRequests()).toHaveLength(1);
  });

  it('is one also when a challenge comes with it (RFC 6749 §5.2)', async () => {
    const body = { error: 'invalid_client', error_description: 'client authentication failed' };
    tokenAnswer = () => ({ status: 401, headers: { 'www-authenticate': 'Basic realm="token"' }, body });
    const refusal = serviceClient().token({ scope });
    await expect(refusal).rejects.toThrow(TokenRequestRefused);
    await expect(refusal).rejects.toMatchObject({ code: body.error, description: body.error_description });
  });
});

describe('a provider that is down', () => {
  it('is a ServiceUnavailable, tried three times with growing pauses', async () => {
    tokenAnswer = () => 'hang up';
    await expect(serviceClient().token({ scope })).rejects.toThrow(ServiceUnavailable);
    expect(tokenRequests()).toHaveLength(3);
    expect(pauses).toEqual([100, 200]);
  });

  it('is found again without a restart', async () => {
    const client = serviceClient();
    provider.answer = () => ({ status: 503 });
    await expect(client.token({ scope })).rejects.toMatchObject({ name: 'ServiceUnavailable', status: 503 });
    provider.answer = ({ path }) => (path === '/token' ? token('a') : { body: metadata() });
    expect((await client.token({ scope })).value).toBe('a');
  });

  it('tells how long it wants to be left alone, which is longer than we wait', async () => {
    tokenAnswer = () => ({ status: 429, headers: { 'retry-after': '30' } });
    const failure = serviceClient().token({ scope });
    await expect(failure).rejects.toMatchObject({ name: 'ServiceUnavailable', status: 429, retryAfterSeconds: 30 });
    expect(tokenRequests()).toHaveLength(1);
  });
});

describe('a provider that answers something else', () => {
  it.each<[string, Answer]>([
    ['no JSON', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['no token', { body: { token_type: 'Bearer' } }],
    ['an error without a code', { status: 400, body: { message: 'no' } }],
  ])('is an UnexpectedResponse: %s', async (_, answer) => {
    tokenAnswer = () => answer;
    await expect(serviceClient().token({ scope })).rejects.toThrow(UnexpectedResponse);
  });

  it('is one when its metadata is of another issuer (RFC 8414 §3.3)', async () => {
    provider.answer = () => ({ body: { ...metadata(), issuer: 'http://127.0.0.1:1' } });
    await expect(serviceClient().token({ scope })).rejects.toThrow(UnexpectedResponse);
  });
});

it('sends the secret over https only, except to this machine', () => {
  expect(() => serviceClient({ issuer: 'http://auth.example.com' })).toThrow(TypeError);
  expect(() => serviceClient({ issuer: 'http://auth.localhost:3001' })).not.toThrow();
  expect(() => serviceClient({ issuer: 'https://auth.example.com' })).not.toThrow();
});

describe('isActive', () => {
  const introspected = () => provider.requests.filter(({ path }) => path === '/introspect');
  const answering = (answer: Answer) => {
    provider.answer = ({ path }) =>
      path === '/introspect'
        ? answer
        : { body: { ...metadata(), introspection_endpoint: `${provider.url}/introspect` } };
  };

  it.each([true, false])('asks the provider each time, and gives its word: %s (RFC 7662 §2.2)', async (active) => {
    answering({ body: { active } });
    const client = serviceClient();
    expect([await client.isActive('the token'), await client.isActive('the token')]).toEqual([active, active]);
    expect(introspected()).toHaveLength(2);
    expect(formOf(introspected()[0])).toMatchObject({ token: 'the token' });
    expect(introspected()[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it('tells a provider that is down from a token that is not good', async () => {
    answering({ status: 503 });
    await expect(serviceClient().isActive('the token')).rejects.toThrow(ServiceUnavailable);
  });

  it('tells a client that is not let in from a token that is not good (RFC 7662 §2.3)', async () => {
    answering({ status: 401, body: { error: 'invalid_client' } });
    await expect(serviceClient().isActive('the token')).rejects.toThrow(TokenRequestRefused);
  });
});
