import { Browser, demoUsers, type Page, testDatabase } from '@trefoil/testing';
import { CompactSign, type JWTPayload, SignJWT } from 'jose';
import { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { authorizeUrl, push, requestObject, requestParameters } from '../../testing/pushed-requests.js';
import { ask, browserOf } from '../../testing/sign-in-at.js';
import { CLIENT_CALLBACK, givenClient, givenKey, type TestClient } from '../../testing/test-clients.js';

let provider: ProviderUnderTest;
let client: TestClient;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  client = await givenClient(provider);
});
afterAll(() => provider.stop());
beforeEach(() => {
  browser = new Browser({ stopAt: CLIENT_CALLBACK });
});

const open = (request: string, more: Record<string, string | undefined> = {}, by = client): Promise<Page> => {
  const beside = { client_id: by.clientId, redirect_uri: CLIENT_CALLBACK, state: 'beside' };
  return browser.open(authorizeUrl(provider, { ...beside, request, ...more }));
};

const answerIn = ({ location }: Page) => Object.fromEntries(location?.searchParams ?? []);

const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe('a request object', () => {
  it('replaces all parameters beside it (RFC 9101 §5, §6.3)', async () => {
    const request = await requestObject(provider, client, { max_age: 600, claims: { userinfo: { email: null } } });
    const signIn = await open(request, { scope: 'openid account:write', nonce: 'other' });
    const consent = await signIn.submit('#login', demoUsers.bob);
    expect(consent.text).not.toMatch('change your account');
    expect(answerIn(await consent.submit('#allow'))).toMatchObject({ code: expect.any(String), state: 'the-state' });
  });

  it('needs nothing beside it but client_id (RFC 9101 §5)', async () => {
    const request = await requestObject(provider, client);
    const page = await browser.open(authorizeUrl(provider, { client_id: client.clientId, request }));
    expect(page.has('#login')).toBe(true);
  });

  it('is not completed by parameters beside it (RFC 9101 §5)', async () => {
    const request = await requestObject(provider, client, { code_challenge: undefined });
    expect(answerIn(await open(request, { code_challenge: 'x'.repeat(43) }))).toMatchObject({
      error: 'invalid_request',
      state: 'the-state',
    });
  });

  it.each(['JWT', 'oauth-authz-req+jwt'])('may be of type %s (RFC 9101 §10.8)', async (typ) => {
    expect((await open(await requestObject(provider, client, {}, { typ }))).has('#login')).toBe(true);
  });

  it.each<[string, () => JWTPayload]>([
    ['iss is another client (RFC 9101 §4)', () => ({ iss: 'frontend' })],
    ['iss is missing (RFC 9101 §4)', () => ({ iss: undefined })],
    ['aud is another server (RFC 9101 §4)', () => ({ aud: 'https://other.example' })],
    ['aud is missing (RFC 9101 §4)', () => ({ aud: undefined })],
    ['client_id is another one (RFC 9101 §5)', () => ({ client_id: 'frontend' })],
    ['sub is the client, as in a client assertion (RFC 9101 §10.8)', () => ({ sub: client.clientId })],
    ['it has expired (RFC 7519 §4.1.4)', () => ({ exp: secondsFromNow(-60) })],
    ['it is not valid yet (RFC 7519 §4.1.5)', () => ({ nbf: secondsFromNow(120) })],
    ['it contains request (RFC 9101 §4)', () => ({ request: 'x' })],
    ['it contains request_uri (RFC 9101 §4)', () => ({ request_uri: 'https://client.example/request' })],
  ])('is refused when %s', async (_, changes) => {
    expect(answerIn(await open(await requestObject(provider, client, changes())))).toEqual({
      error: 'invalid_request_object',
      error_description: expect.any(String),
      state: 'beside',
      iss: provider.url,
    });
  });

  it('is refused when another key signed it (RFC 9101 §6.2)', async () => {
    const forged = { ...client, key: { ...(await givenKey()), kid: client.key.kid } };
    expect(answerIn(await open(await requestObject(provider, forged)))).toMatchObject({
      error: 'invalid_request_object',
    });
  });

  it.each(['jwk', 'jku', 'x5u'])('is refused with the header %s (RFC 8725 §3.10)', async (name) => {
    const request = await requestObject(
      provider,
      client,
      {},
      { [name]: name === 'jwk' ? client.key.publicJwk : 'https://x.example' },
    );
    expect(answerIn(await open(request))).toMatchObject({ error: 'invalid_request_object' });
  });

  it('is refused when it is a client assertion by its type (RFC 8725 §3.11)', async () => {
    const request = await requestObject(provider, client, {}, { typ: 'client-authentication+jwt' });
    expect(answerIn(await open(request))).toMatchObject({ error: 'invalid_request_object' });
  });

  it('is refused unsigned (OpenID Connect Core §6.1, RFC 9101 §10.5)', async () => {
    const [, payload] = (await requestObject(provider, client)).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(answerIn(await open(`${header}.${payload}.`))).toMatchObject({ error: 'invalid_request_object' });
  });

  it('is refused when it is signed by HMAC, with the public key as the secret (RFC 8725 §2.1, §3.1)', async () => {
    const secret = Buffer.from(JSON.stringify(client.key.publicJwk));
    const claims = { ...requestParameters(client), iss: client.clientId, aud: provider.url };
    const request = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: client.key.kid }).sign(secret);
    expect(answerIn(await open(request))).toMatchObject({ error: 'invalid_request_object' });
  });

  it('is refused when it is encrypted, which is not supported (RFC 9101 §6.1)', async () => {
    const header = Buffer.from('{"alg":"RSA-OAEP","enc":"A256GCM","cty":"JWT"}').toString('base64url');
    expect(answerIn(await open(`${header}.AAAA.AAAA.AAAA.AAAA`))).toMatchObject({ error: 'invalid_request_object' });
  });

  it('is not read without client_id beside it (RFC 9101 §5)', async () => {
    const request = await requestObject(provider, client);
    const page = await browser.open(authorizeUrl(provider, { request }));
    expect([page.status, page.location]).toEqual([400, undefined]);
  });

  it.each(['x', '...', 'e30.e30.e30', 'bnVsbA.bnVsbA.bnVsbA'])(
    'is refused when it is not a JWT: %s',
    async (request) => {
      expect(answerIn(await open(request))).toMatchObject({ error: 'invalid_request_object' });
    },
  );

  it.each([
    ['an array for state', { state: ['a', 'b'] }, 'invalid_request'],
    ['an array of objects', { authorization_details: [{}] }, 'invalid_request'],
    ['a NUL', { nonce: 'a\0b' }, 'invalid_request'],
    ['an object for scope', { scope: { openid: true } }, 'invalid_scope'],
  ])('is answered like any invalid request when it contains %s (RFC 9101 §6.3)', async (_, changes, error) => {
    expect(answerIn(await open(await requestObject(provider, client, changes)))).toMatchObject({ error });
  });

  it.each([
    ['an object', 20, '{"a":', '}'],
    ['an object', 6000, '{"a":', '}'],
    ['an array', 20, '[', ']'],
    ['an array', 10_000, '[', ']'],
  ])(
    'is refused when it contains %s of %i levels, on every version of Node.js (RFC 9101 §6.3)',
    async (_, levels, start, end) => {
      const claims = `${start.repeat(levels)}1${end.repeat(levels)}`;
      const payload = `{"iss":"${client.clientId}","aud":"${provider.url}","claims":${claims}}`;
      const { algorithm: alg, kid, privateKey } = client.key;
      const request = await new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg, kid }).sign(privateKey);
      const { status, body } = await push(provider, client, { request });
      expect([status, body.error]).toEqual([400, 'invalid_request_object']);
    },
  );

  it('is accepted when an unknown parameter in it is an object of 19 levels (RFC 6749 §3.1)', async () => {
    const extension: unknown = JSON.parse(`${'{"a":'.repeat(19)}1${'}'.repeat(19)}`);
    const request = await requestObject(provider, client, { extension });
    expect((await push(provider, client, { request })).status).toBe(201);
  });

  it('is refused with another algorithm than the registered one (OpenID Connect Registration §2)', async () => {
    const picky = await givenClient(provider, { requestObjectSigningAlg: 'PS256' });
    expect(answerIn(await open(await requestObject(provider, picky), {}, picky))).toMatchObject({
      error: 'invalid_request_object',
    });
  });

  it('is refused on a page, without a redirect, when the redirect URI is not registered (RFC 6749 §4.1.2.1)', async () => {
    const page = await open('x', { redirect_uri: 'https://evil.example/' });
    expect([page.status, page.location]).toEqual([400, undefined]);
    const inside = await open(await requestObject(provider, client, { redirect_uri: 'https://evil.example/' }));
    expect([inside.status, inside.location]).toEqual([400, undefined]);
  });

  it('cannot be combined with request_uri (RFC 9101 §5)', async () => {
    const page = await open(await requestObject(provider, client), { request_uri: 'https://client.example/request' });
    expect(answerIn(page)).toMatchObject({ error: 'invalid_request' });
  });
});

describe('a client that must sign its requests', () => {
  let strict: TestClient;
  beforeAll(async () => {
    strict = await givenClient(provider, { requireSignedRequestObject: true });
  });

  it('is refused without a signature, and gets its state back (RFC 9101 §10.5)', async () => {
    const page = await ask(provider, strict, browserOf(strict));
    expect(answerIn(page)).toMatchObject({ error: 'invalid_request', state: 'the-state' });
  });

  it('is refused when it pushes a request without a signature (RFC 9101 §10.5, FAPI 2.0 Message Signing §5.3.1)', async () => {
    expect((await push(provider, strict)).body.error).toBe('invalid_request');
  });

  it('may send and push signed requests (RFC 9101 §10.5)', async () => {
    const request = await requestObject(provider, strict);
    const sent = await browserOf(strict).open(authorizeUrl(provider, { client_id: strict.clientId, request }));
    expect(sent.has('#login')).toBe(true);
    const { request_uri } = (await push(provider, strict, { request })).body;
    const url = authorizeUrl(provider, { client_id: strict.clientId, request_uri: String(request_uri) });
    expect((await browserOf(strict).open(url)).has('#login')).toBe(true);
  });

  it('is refused a request that it pushed unsigned before signing was required (RFC 9101 §10.5)', async () => {
    const changed = await givenClient(provider);
    const { request_uri } = (await push(provider, changed)).body;
    await provider.dataSource.manager.update(
      Client,
      { clientId: changed.clientId },
      { requireSignedRequestObject: true },
    );
    provider.app.get(Clients).forget(changed.clientId);
    const url = authorizeUrl(provider, { client_id: changed.clientId, request_uri: String(request_uri) });
    expect(answerIn(await browserOf(changed).open(url)).error).toBe('invalid_request');
  });
});

describe('a request object at a URL of the client', () => {
  it('is not fetched (RFC 9101 §5.2.1, §10.4)', async () => {
    const parameters = { client_id: client.clientId, redirect_uri: CLIENT_CALLBACK };
    const request_uri = 'https://client.example/request';
    const page = await browser.open(authorizeUrl(provider, { ...parameters, request_uri }));
    expect(answerIn(page)).toMatchObject({ error: 'request_uri_not_supported' });
  });
});

describe('a request object of the profile fapi2', () => {
  let strict: TestClient;
  beforeAll(async () => {
    strict = await givenClient(provider, { profile: 'fapi2' });
  });

  const pushSigned = async (changes: JWTPayload = {}, by = strict) =>
    push(provider, by, { request: await requestObject(provider, by, changes) });

  it('is accepted when it is pushed (FAPI 2.0 Message Signing §5.3.1)', async () => {
    expect((await pushSigned()).status).toBe(201);
    expect((await pushSigned({ nbf: secondsFromNow(8), aud: [provider.url] })).status).toBe(201);
  });

  it.each<[string, () => JWTPayload]>([
    ['exp is missing', () => ({ exp: undefined })],
    ['nbf is missing', () => ({ nbf: undefined })],
    ['exp is more than 60 minutes after nbf', () => ({ nbf: secondsFromNow(-10), exp: secondsFromNow(3595) })],
    ['nbf is more than 60 minutes in the past', () => ({ nbf: secondsFromNow(-3700), exp: secondsFromNow(-100) })],
  ])('is refused when %s (FAPI 2.0 Message Signing §5.3.1)', async (_, changes) => {
    expect((await pushSigned(changes())).body.error).toBe('invalid_request_object');
  });

  it('is refused with RS256 (FAPI 2.0 §5.4.1)', async () => {
    const rs256 = { ...strict, key: await givenKey('RS256') };
    const request = await requestObject(provider, rs256);
    expect((await push(provider, strict, { request })).body.error).toBe('invalid_request_object');
  });
});
