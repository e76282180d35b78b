import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { exportSPKI, importJWK, type JWTPayload } from 'jose';
import { createHmac, randomUUID } from 'node:crypto';
import { type ClientServer, sendJson, startClientServer } from '../../testing/client-server.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import {
  clientAssertion,
  type ClientOptions,
  givenClient,
  givenKey,
  type TestClient,
} from '../../testing/test-clients.js';
import { post } from '../../testing/token-requests.js';

const { jest } = import.meta;

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let provider: ProviderUnderTest;
let client: TestClient;
let published: ClientServer;
let keySet: unknown = { keys: [] };

/** Registers a machine client that signs its assertions. */
const givenMachine = async (options: ClientOptions = {}): Promise<TestClient> =>
  givenClient(provider, {
    key: await givenKey(),
    grantTypes: [GRANT_TYPE.clientCredentials],
    scopes: ['contacts:export'],
    ...options,
  });

beforeAll(async () => {
  published = await startClientServer((_request, response) => sendJson(response, keySet));
  provider = await startProvider(await testDatabase(), { OUTBOUND_ALLOWED_ORIGINS: published.origin });
  client = await givenMachine();
});
afterAll(async () => {
  await provider.stop();
  await published.stop();
});

const present = (client_assertion: string, more: Record<string, string> = {}) =>
  post(provider, '/token', {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion,
    ...more,
  });

const presentAs = async (by: TestClient, claims: JWTPayload = {}, header: Record<string, unknown> = {}) =>
  present(await clientAssertion(provider, by, claims, header));

const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe('a client assertion', () => {
  it('authenticates the client that signed it (RFC 7523 §3, OpenID Connect Core §9)', async () => {
    const { status, body } = await presentAs(client);
    expect([status, body.scope]).toEqual([200, 'contacts:export']);
  });

  it.each(['PS256', 'RS256', 'EdDSA'] as const)('may be signed with %s', async (algorithm) => {
    expect((await presentAs(await givenMachine({ key: await givenKey(algorithm) }))).status).toBe(200);
  });

  it('may name its type in typ, and may leave out kid', async () => {
    expect((await presentAs(client, {}, { typ: 'client-authentication+jwt', kid: undefined })).status).toBe(200);
  });

  it('may be valid for an hour by a clock that is ahead', async () => {
    expect((await presentAs(client, { exp: secondsFromNow(3610) })).status).toBe(200);
  });

  it('may come from a clock that is ten seconds ahead (FAPI 2.0 §5.3.2.1)', async () => {
    expect((await presentAs(client, { iat: secondsFromNow(10), nbf: secondsFromNow(10) })).status).toBe(200);
  });

  it.each<[string, () => JWTPayload]>([
    ['iss is another client (RFC 7523 §3, item 1)', () => ({ iss: 'frontend' })],
    ['iss is missing (RFC 7523 §3, item 1)', () => ({ iss: undefined })],
    ['sub is another client (RFC 7523 §3, item 2)', () => ({ iss: 'frontend', sub: 'frontend' })],
    ['sub is an unknown client (RFC 7523 §3, item 2)', () => ({ iss: 'nobody', sub: 'nobody' })],
    ['sub is missing (RFC 7523 §3, item 2)', () => ({ sub: undefined })],
    ['aud is missing (RFC 7523 §3, item 3)', () => ({ aud: undefined })],
    ['aud is another server (RFC 7523 §3, item 3)', () => ({ aud: 'https://other.example' })],
    ['aud is another server too (RFC 9700 §2.5)', () => ({ aud: [provider.url, 'https://other.example'] })],
    ['aud is the token endpoint, in a profile that wants the issuer', () => ({ aud: `${provider.url}/token` })],
    ['exp is missing (RFC 7523 §3, item 4)', () => ({ exp: undefined })],
    ['exp lies in the past (RFC 7523 §3, item 4)', () => ({ exp: secondsFromNow(-60) })],
    ['exp lies two hours in the future (RFC 7523 §3, item 4)', () => ({ exp: secondsFromNow(7200) })],
    ['nbf lies in the future (RFC 7523 §3, item 5)', () => ({ nbf: secondsFromNow(61) })],
    ['iat lies in the future (RFC 7523 §3, item 6)', () => ({ iat: secondsFromNow(61) })],
    ['jti is missing (OpenID Connect Core §9)', () => ({ jti: undefined })],
    ['a time is not a number (RFC 7519 §2)', () => ({ nbf: 'soon' as unknown as number })],
  ])('is refused when %s', async (_, changes) => {
    const { status, body } = await presentAs(client, changes());
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('is refused the second time, by every replica (RFC 7523 §3, item 7)', async () => {
    const assertion = await clientAssertion(provider, client);
    const answers = await Promise.all(Array.from({ length: 10 }, () => present(assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await present(assertion)).body.error).toBe('invalid_client');
  });

  it('can be used with a jti of an assertion that was refused', async () => {
    const jti = randomUUID();
    const stranger = { clientId: client.clientId, key: await givenKey() };
    expect((await present(await clientAssertion(provider, stranger, { jti }))).status).toBe(401);
    expect((await presentAs(client, { jti })).status).toBe(200);
  });

  it('is refused when another key signed it, even with the right kid (RFC 7523 §3, item 9)', async () => {
    const forged = { ...(await givenKey()), kid: client.key.kid };
    expect((await presentAs({ ...client, key: forged })).body.error).toBe('invalid_client');
  });

  it.each(['jwk', 'jku', 'x5u', 'crit'])('is refused with the header %s (RFC 8725 §3.10)', async (name) => {
    const key = await givenKey();
    const value = { jwk: key.publicJwk, jku: `${published.origin}/jwks`, x5u: published.origin, crit: ['b64'] }[name];
    const header = { kid: key.kid, [name]: value, ...(name === 'crit' && { b64: true }) };
    expect((await presentAs({ ...client, key }, {}, header)).body.error).toBe('invalid_client');
  });

  it.each(['at+jwt', 'dpop+jwt', 'oauth-authz-req+jwt'])(
    'is refused as a JWT of type %s (RFC 8725 §3.11)',
    async (typ) => {
      expect((await presentAs(client, {}, { typ })).body.error).toBe('invalid_client');
    },
  );

  it('is refused unsigned, or signed by HMAC with the public key (RFC 8725 §3.1)', async () => {
    const [, payload] = (await clientAssertion(provider, client)).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await present(`${none}.${payload}.`)).body.error).toBe('invalid_client');

    const pem = await exportSPKI(await importedPublicKey(client));
    const input = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${payload}`;
    const mac = createHmac('sha256', pem).update(input).digest('base64url');
    expect((await present(`${input}.${mac}`)).body.error).toBe('invalid_client');
  });

  it.each(['', 'x', 'a.b.c', 'e30.e30.', '...', `${'x'.repeat(30_000)}.e30.x`, 'bnVsbA.bnVsbA.bnVsbA'])(
    'is refused when it is not a JWT: %.20s',
    async (assertion) => {
      const { status, body } = await present(assertion);
      expect(status).toBeLessThan(500);
      expect(body.error).toMatch(/^invalid_(client|request)$/);
    },
  );

  it('is refused with another client_assertion_type, or none (RFC 7521 §4.2)', async () => {
    const assertion = await clientAssertion(provider, client);
    const saml = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' };
    expect((await present(assertion, saml)).body.error).toBe('invalid_client');
    expect((await present(assertion, { client_assertion_type: '' })).body.error).toBe('invalid_client');
  });

  it('is refused together with another method or the id of another client (RFC 7521 §4.2.1, RFC 6749 §2.3)', async () => {
    const withSecret = { client_id: client.clientId, client_secret: 'x' };
    expect((await present(await clientAssertion(provider, client), withSecret)).body.error).toBe('invalid_request');
    expect((await present(await clientAssertion(provider, client), { client_id: 'frontend' })).body.error).toBe(
      'invalid_request',
    );
  });

  it('is refused from a client that is registered for another method (OpenID Connect Core §9)', async () => {
    const key = await givenKey();
    const other = await givenMachine({ key, method: 'client_secret_basic' });
    expect((await presentAs(other)).body.error).toBe('invalid_client');
  });

  it('is refused with an algorithm other than the registered one (OpenID Connect Registration §2)', async () => {
    const picky = await givenMachine({ tokenEndpointAuthSigningAlg: 'PS256' });
    expect((await presentAs(picky)).body.error).toBe('invalid_client');
  });

  it('is refused from a client without keys', async () => {
    const keyless = await givenMachine({ jwks: null });
    expect((await presentAs(keyless)).body.error).toBe('invalid_client');
  });

  it('does not reveal which clients exist (RFC 6749 §5.2)', async () => {
    const stranger = { clientId: `no-${client.clientId}`, key: client.key };
    const unknown = await present(await clientAssertion(provider, stranger));
    const wrong = await presentAs({ ...client, key: await givenKey() });
    expect(unknown.body).toEqual(wrong.body);
  });
});

it.each([
  ['/introspect', { token: 'x' }, 200],
  ['/revoke', { token: 'x' }, 200],
  ['/par', {}, 400],
  ['/device_authorization', { scope: 'openid' }, 400],
])('a client assertion also authenticates at %s (RFC 7521 §4.2, RFC 8414 §2)', async (path, parameters, status) => {
  const credentials = {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await clientAssertion(provider, client),
  };
  const answer = await post(provider, path, { ...parameters, ...credentials });
  expect(answer.status).toBe(status);
  expect(answer.body.error).not.toBe('invalid_client');
  const again = await post(provider, path, { ...parameters, ...credentials });
  expect([again.status, again.body.error]).toEqual([401, 'invalid_client']);
});

describe('the audience of a client assertion', () => {
  it('may be the token endpoint in the profile oidc (OpenID Connect Core §9)', async () => {
    const plain = await givenMachine({ profile: 'oidc' });
    expect((await presentAs(plain, { aud: `${provider.url}/token` })).status).toBe(200);
    expect((await presentAs(plain, { aud: [provider.url] })).status).toBe(200);
  });

  it('may be the endpoint of pushed requests in the profile oidc (RFC 9126 §2)', async () => {
    const plain = await givenMachine({ profile: 'oidc' });
    expect((await presentAs(plain, { aud: `${provider.url}/par` })).status).toBe(200);
    expect((await presentAs(plain, { aud: `${provider.url}/userinfo` })).body.error).toBe('invalid_client');
  });

  it.each([
    ['a list', () => [provider.url]],
    ['the token endpoint', () => `${provider.url}/token`],
    ['the endpoint of pushed requests', () => `${provider.url}/par`],
  ])('must not be %s in the profile fapi2 (FAPI 2.0 §5.3.2.1)', async (_, aud) => {
    const strict = await givenMachine({ profile: 'fapi2' });
    expect((await presentAs(strict, { aud: aud() })).body.error).toBe('invalid_client');
  });
});

describe('the profile fapi2', () => {
  it('refuses RS256 (FAPI 2.0 §5.4.1)', async () => {
    const weak = await givenMachine({ profile: 'fapi2', key: await givenKey('RS256') });
    expect((await presentAs(weak)).body.error).toBe('invalid_client');
  });

  it('refuses a secret, even of a client that was registered with one (FAPI 2.0 §5.3.2.1)', async () => {
    const { authorization } = await givenMachine({ profile: 'fapi2', method: 'client_secret_basic' });
    const answer = await post(provider, '/token', { grant_type: 'client_credentials' }, authorization);
    expect(answer.body.error).toBe('invalid_client');
  });
});

describe('keys at a jwks_uri', () => {
  it('are fetched once, and fetched again when the key of a signature is missing (OpenID Connect Core §10.1.1)', async () => {
    const [first, second] = [await givenKey(), await givenKey('PS256')];
    keySet = { keys: [{ kty: 'oct', k: 'AAAA' }, { kty: 'EC' }, first.publicJwk] };
    const remote = await givenMachine({ key: first, jwks: null, jwksUri: `${published.origin}/jwks` });
    const before = published.requests.length;
    expect((await presentAs(remote)).status).toBe(200);
    expect((await presentAs(remote)).status).toBe(200);
    expect(published.requests).toHaveLength(before + 1);

    keySet = { keys: [second.publicJwk] };
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 20_000);
    try {
      expect((await presentAs({ ...remote, key: second })).status).toBe(200);
      // Unknown key ids do not cause another fetch during the cool-down.
      expect((await presentAs({ ...remote, key: await givenKey() })).status).toBe(401);
      expect(published.requests).toHaveLength(before + 2);
    } finally {
      clock.mockRestore();
    }
  });

  it.each(['https://127.0.0.1/jwks', 'http://client.example/jwks', 'https://localhost:1/jwks'])(
    'are not fetched from %s',
    async (jwksUri) => {
      const remote = await givenMachine({ jwks: null, jwksUri });
      expect((await presentAs(remote)).body.error).toBe('invalid_client');
    },
  );

  it('that are not a key set authenticate no client', async () => {
    keySet = ['no', 'keys'];
    const remote = await givenMachine({ jwks: null, jwksUri: `${published.origin}/strange` });
    expect((await presentAs(remote)).body.error).toBe('invalid_client');
  });
});

async function importedPublicKey({ key }: TestClient): Promise<CryptoKey> {
  return (await importJWK(key.publicJwk, key.algorithm, { extractable: true })) as CryptoKey;
}
