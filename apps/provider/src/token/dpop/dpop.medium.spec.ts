import { Browser, DpopKey, testDatabase } from '@trefoil/testing';
import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { Grants } from '../../grants/grants.js';
import { request } from '../../testing/api-requests.js';
import { DEMO, type ProviderUnderTest, sharedWith, startProvider } from '../../testing/provider-under-test.js';
import { CODE_VERIFIER } from '../../testing/authorization-url.js';
import { givenDevice, openDevice } from '../../testing/device-requests.js';
import { authorizeUrl, requestParameters } from '../../testing/pushed-requests.js';
import { answerAll, answerIn, ask as askToSignIn, browserOf, redeem } from '../../testing/sign-in-at.js';
import { givenClient, type TestClient } from '../../testing/test-clients.js';
import { BACKEND, basic, FRONTEND, givenGrant, MARKETING_SYNC, payloadOf, post } from '../../testing/token-requests.js';

const ALGS = 'algs="ES256 PS256 RS256 EdDSA"';

let databaseUrl: string;
let provider: ProviderUnderTest;
let key: DpopKey;

beforeAll(async () => {
  databaseUrl = await testDatabase();
  provider = await startProvider(databaseUrl);
  key = await DpopKey.generate();
});
afterAll(() => provider.stop());

type ProofChanges = Partial<Parameters<DpopKey['proof']>[0]>;
const tokenProof = (changes: ProofChanges = {}, by = key) => by.proof({ url: `${provider.url}/token`, ...changes });

/** Sends a token request with a DPoP proof: the given one, or else a valid one. */
async function ask(parameters: Record<string, string>, authorization?: string, dpop?: string, at = provider) {
  const headers = { DPoP: dpop ?? (await tokenProof()) };
  return post(at, '/token', parameters, authorization, headers);
}

const MACHINE = { grant_type: 'client_credentials', scope: 'contacts:export' };
const askAsMachine = (dpop?: string, at?: ProviderUnderTest) => ask(MACHINE, MARKETING_SYNC, dpop, at);

/**
 * Creates a grant of alice to the public client of the demo, and returns it with the parameters that redeem its code.
 */
async function givenCliGrant(overrides: Parameters<typeof givenGrant>[1] = {}) {
  const given = await givenGrant(provider, {
    clientId: 'demo-cli',
    scopes: ['openid', 'email', 'account:read'],
    resources: [`${provider.url}/api`],
    redirectUri: 'http://127.0.0.1/callback',
    ...overrides,
  });
  return { ...given, redemption: { ...given.redemption, client_id: 'demo-cli' } };
}
const refreshAs = (client_id: string, refresh_token: string) => ({
  grant_type: 'refresh_token',
  refresh_token,
  client_id,
});

describe('a token request with a proof gets a bound access token (RFC 9449 §5)', () => {
  const bound = { token_type: 'DPoP', access_token: expect.any(String) };

  it('for a code', async () => {
    const { redemption } = await givenGrant(provider);
    const { status, body } = await ask(redemption, FRONTEND);
    expect({ status, body }).toMatchObject({ status: 200, body: bound });
    expect(payloadOf(body.access_token).cnf).toEqual({ jkt: key.jkt });
  });

  it('for client credentials', async () => {
    const { body } = await askAsMachine();
    expect(body).toMatchObject(bound);
    expect(payloadOf(body.access_token).cnf).toEqual({ jkt: key.jkt });
  });

  it('for an exchanged token, bound to the key of the exchanging client (RFC 8693 §2.2.1)', async () => {
    const { redemption } = await givenGrant(provider);
    const { body: subject } = await ask(redemption, FRONTEND);
    const exchange = {
      grant_type: GRANT_TYPE.tokenExchange,
      subject_token: subject.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: `${provider.url}/api`,
      scope: 'account:read',
    };
    const other = await DpopKey.generate();
    const { body } = await ask(exchange, BACKEND, await tokenProof({}, other));
    expect(body).toMatchObject(bound);
    expect(payloadOf(body.access_token).cnf).toEqual({ jkt: other.jkt });
    const { body: unbound } = await post(provider, '/token', exchange, BACKEND);
    expect(payloadOf(unbound.access_token).cnf).toBeUndefined();
  });

  it('and a request without a proof gets a bearer token', async () => {
    const { body } = await post(provider, '/token', MACHINE, MARKETING_SYNC);
    expect(body.token_type).toBe('Bearer');
    expect(payloadOf(body.access_token).cnf).toBeUndefined();
  });
});

describe('a token request is refused: 400 invalid_dpop_proof (RFC 9449 §5)', () => {
  it.each<[string, ProofChanges]>([
    ['for another address', { url: 'https://attacker.example/token' }],
    ['for another endpoint', { url: 'http://localhost/introspect' }],
    ['for another method', { method: 'GET' }],
    ['too old', { claims: { iat: Math.floor(Date.now() / 1000) - 3600 } }],
    ['from the future', { claims: { iat: Math.floor(Date.now() / 1000) + 3600 } }],
    ['of another type', { header: { typ: 'JWT' } }],
  ])('with a proof %s', async (_, changes) => {
    const { status, headers, body } = await askAsMachine(await tokenProof(changes));
    expect([status, body.error]).toEqual([400, 'invalid_dpop_proof']);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(['garbage', '', 'é'])('with a header that is not a proof: %j', async (dpop) => {
    const { status, body } = await askAsMachine(dpop);
    expect([status, body.error]).toEqual([400, 'invalid_dpop_proof']);
  });

  it('with several proofs', async () => {
    const { body } = await askAsMachine(`${await tokenProof()}, ${await tokenProof()}`);
    expect(body).toMatchObject({ error: 'invalid_dpop_proof', error_description: expect.stringContaining('one DPoP') });
  });

  it('with a proof that was used before (RFC 9449 §11.1)', async () => {
    const dpop = await tokenProof();
    expect((await askAsMachine(dpop)).status).toBe(200);
    expect((await askAsMachine(dpop)).body.error).toBe('invalid_dpop_proof');
  });

  it('with a proof that 10 requests use at once, except one of them', async () => {
    const dpop = await tokenProof();
    const answers = await Promise.all(Array.from({ length: 10 }, () => askAsMachine(dpop)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('without a proof when the client is registered to always use DPoP (RFC 9449 §5.2)', async () => {
    const client = await givenClient(provider, {
      dpopBoundAccessTokens: true,
      grantTypes: ['client_credentials'],
      scopes: ['contacts:export'],
    });
    expect((await post(provider, '/token', MACHINE, client.authorization)).body.error).toBe('invalid_dpop_proof');
    expect((await ask(MACHINE, client.authorization)).body.token_type).toBe('DPoP');
  });

  it('without using up the code', async () => {
    const { redemption } = await givenGrant(provider);
    expect((await ask(redemption, FRONTEND, 'garbage')).status).toBe(400);
    expect((await ask(redemption, FRONTEND)).status).toBe(200);
  });
});

describe('a client of the profile fapi2', () => {
  let client: TestClient;
  beforeAll(async () => {
    const machine = { grantTypes: ['client_credentials'], scopes: ['contacts:export'] };
    client = await givenClient(provider, { profile: 'fapi2', ...machine });
  });

  it('must send a proof (FAPI 2.0 Security Profile §5.3.2.1)', async () => {
    const bare = await post(provider, '/token', { ...MACHINE, ...(await client.credentials()) });
    expect(bare.body.error).toBe('invalid_dpop_proof');
    expect((await ask({ ...MACHINE, ...(await client.credentials()) })).body.token_type).toBe('DPoP');
  });

  it('must not sign it with RS256 (FAPI 2.0 Security Profile §5.4.1)', async () => {
    const dpop = await tokenProof({}, await DpopKey.generate('RS256'));
    const { body } = await ask({ ...MACHINE, ...(await client.credentials()) }, undefined, dpop);
    expect(body.error).toBe('invalid_dpop_proof');
  });
});

describe('a code that is bound to a key by dpop_jkt (RFC 9449 §10)', () => {
  it.each([
    ['without a proof', async (redemption: Record<string, string>) => post(provider, '/token', redemption, FRONTEND)],
    [
      'with the proof of another key',
      async (redemption: Record<string, string>) =>
        ask(redemption, FRONTEND, await tokenProof({}, await DpopKey.generate())),
    ],
  ])('is refused %s, and is not used up', async (_, redeem) => {
    const { redemption } = await givenGrant(provider, { dpopJkt: key.jkt });
    expect((await redeem(redemption)).body.error).toBe('invalid_grant');
    expect((await ask(redemption, FRONTEND)).body.token_type).toBe('DPoP');
  });
});

describe('a pushed request with a proof (RFC 9449 §10.1)', () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await givenClient(provider);
  });
  const push = async (changes: Record<string, string> = {}, proof: ProofChanges = {}) => {
    const dpop = await key.proof({ url: `${provider.url}/par`, ...proof });
    return post(provider, '/par', { ...requestParameters(client), ...changes }, client.authorization, { DPoP: dpop });
  };

  it('binds the code to its key', async () => {
    const { status, headers, body } = await push();
    expect(status).toBe(201);
    expect(headers.get('dpop-nonce')).toMatch(/^[\w-]{43}$/);
    const url = authorizeUrl(provider, { client_id: client.clientId, request_uri: String(body.request_uri) });
    const page = await answerAll(await browserOf(client).open(url));
    const { code = '' } = answerIn(page);
    expect((await redeem(provider, client, code)).body.error).toBe('invalid_grant');
    const redemption = { grant_type: 'authorization_code', code, code_verifier: CODE_VERIFIER };
    const answer = await ask({ ...redemption, redirect_uri: client.redirectUri }, client.authorization);
    expect(answer.body.token_type).toBe('DPoP');
  });

  it('may name the same key by dpop_jkt, but no other key', async () => {
    expect((await push({ dpop_jkt: key.jkt })).status).toBe(201);
    const { jkt } = await DpopKey.generate();
    expect((await push({ dpop_jkt: jkt })).body.error).toBe('invalid_dpop_proof');
  });

  it.each<[string, ProofChanges]>([
    ['for the token endpoint', { url: 'http://localhost/token' }],
    ['that is too old', { claims: { iat: 1 } }],
  ])('is refused with a proof %s', async (_, proof) => {
    expect((await push({}, proof)).body.error).toBe('invalid_dpop_proof');
  });
});

it('the code of an authorization request with dpop_jkt is bound to that key (RFC 9449 §10)', async () => {
  const client = await givenClient(provider);
  const page = await answerAll(await askToSignIn(provider, client, browserOf(client), { dpop_jkt: key.jkt }));
  const { code = '' } = answerIn(page);
  expect((await redeem(provider, client, code)).body.error).toBe('invalid_grant');
});

it('an authorization request is refused with a dpop_jkt that is not a thumbprint (RFC 6749 §4.1.2.1)', async () => {
  const client = await givenClient(provider);
  const page = await askToSignIn(provider, client, browserOf(client), { dpop_jkt: 'key' });
  expect(answerIn(page)).toMatchObject({ error: 'invalid_request' });
});

describe('the refresh tokens of a public client', () => {
  it('are bound to the key of the code request (RFC 9449 §5)', async () => {
    const { redemption, grant } = await givenCliGrant();
    const { body } = await ask(redemption);
    expect((await provider.app.get(Grants).find(grant.id))?.dpopJkt).toBe(key.jkt);
    const refresh = refreshAs('demo-cli', body.refresh_token);
    expect((await post(provider, '/token', refresh)).body.error).toBe('invalid_grant');
    const other = await DpopKey.generate();
    expect((await ask(refresh, undefined, await tokenProof({}, other))).body.error).toBe('invalid_grant');
    const refreshed = await ask(refresh);
    expect(refreshed.body.token_type).toBe('DPoP');
    expect(payloadOf(refreshed.body.access_token).cnf).toEqual({ jkt: key.jkt });
  });

  it('stay bound to it after every rotation', async () => {
    const { redemption } = await givenCliGrant();
    const first = await ask(redemption);
    const second = await ask(refreshAs('demo-cli', first.body.refresh_token));
    const refresh = refreshAs('demo-cli', second.body.refresh_token);
    expect((await post(provider, '/token', refresh)).body.error).toBe('invalid_grant');
    expect((await ask(refresh)).status).toBe(200);
  });

  it('of a device are bound to the key of its first token request (RFC 9449 §5, RFC 8628 §3.4)', async () => {
    const device = await givenDevice(provider);
    await (await openDevice(new Browser(), device)).submit('#allow');
    const { device_code } = device;
    const { body } = await ask({ grant_type: GRANT_TYPE.deviceCode, device_code, client_id: 'demo-cli' });
    expect(body.token_type).toBe('DPoP');
    const refresh = refreshAs('demo-cli', body.refresh_token);
    expect((await post(provider, '/token', refresh)).body.error).toBe('invalid_grant');
    expect((await ask(refresh)).body.token_type).toBe('DPoP');
  });

  it('need no key when they were issued without one', async () => {
    const { redemption } = await givenCliGrant();
    const { body } = await post(provider, '/token', redemption);
    expect((await post(provider, '/token', refreshAs('demo-cli', body.refresh_token))).status).toBe(200);
  });
});

it('the refresh tokens of a confidential client are bound to the client, which may use a new key (RFC 9449 §5)', async () => {
  const { redemption } = await givenGrant(provider, { dpopJkt: key.jkt });
  const { body } = await ask(redemption, FRONTEND);
  const other = await DpopKey.generate();
  const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
  const refreshed = await ask(refresh, FRONTEND, await tokenProof({}, other));
  expect(payloadOf(refreshed.body.access_token).cnf).toEqual({ jkt: other.jkt });
});

describe('the endpoints that accept access tokens', () => {
  let token: string;
  beforeAll(async () => {
    const { redemption } = await givenCliGrant();
    ({ access_token: token } = (await ask(redemption)).body);
  });
  const call = async (path: string, { scheme = 'DPoP', ...changes }: ProofChanges & { scheme?: string } = {}) => {
    const dpop = await key.proof({ method: 'GET', url: `${provider.url}${path}`, accessToken: token, ...changes });
    return request(provider, path, { headers: { authorization: `${scheme} ${token}`, dpop } });
  };

  it.each(['/userinfo', '/api/account'])('accept a bound token with its proof: %s (RFC 9449 §7.1)', async (path) => {
    const { status, body, headers } = await call(path);
    expect({ status, body }).toMatchObject({ status: 200, body: { email: 'alice@example.com' } });
    expect(headers.get('dpop-nonce')).toMatch(/^[\w-]{43}$/);
  });

  it.each(['/userinfo', '/api/account'])('refuse a bound token as a bearer token: %s (RFC 9449 §7.2)', async (path) => {
    const { status, headers } = await call(path, { scheme: 'Bearer' });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token".*, DPoP /);
    expect(headers.get('www-authenticate')).toContain(ALGS);
  });

  it('refuse a bound token as a bearer token in a form (RFC 9449 §7.1)', async () => {
    const answer = await fetch(`${provider.url}/userinfo`, {
      method: 'POST',
      body: new URLSearchParams({ access_token: token }),
    });
    expect(answer.status).toBe(401);
  });

  it.each<[string, ProofChanges]>([
    ['for another token', { accessToken: 'another' }],
    ['for the token endpoint', { url: 'http://localhost/token' }],
    ['for another method', { method: 'POST' }],
  ])('refuse a proof %s (RFC 9449 §4.3)', async (_, changes) => {
    const { status, headers } = await call('/userinfo', changes);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/DPoP .*error="invalid_dpop_proof"/);
  });

  it('accept a proof once, also under another spelling of their path (RFC 9449 §11.1, RFC 3986 §6.2.2.2)', async () => {
    const dpop = await key.proof({ method: 'GET', url: `${provider.url}/userinfo`, accessToken: token });
    const headers = { authorization: `DPoP ${token}`, dpop };
    expect((await request(provider, '/userinfo', { headers })).status).toBe(200);
    for (const path of ['/%75serinfo', '/userinf%6F', '/userinfo?again']) {
      const { status, headers: answered } = await request(provider, path, { headers });
      expect([status, answered.get('www-authenticate')]).toEqual([401, expect.stringContaining('used before')]);
    }
  });

  it('let pages of other origins read the nonce (RFC 9449 §8, Fetch §3.2.3)', async () => {
    const headers = {
      origin: 'https://spa.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'dpop',
    };
    const preflight = await fetch(`${provider.url}/token`, { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/\bdpop\b/i);
    const answer = await post(provider, '/token', MACHINE, MARKETING_SYNC, { origin: headers.origin });
    expect(answer.headers.get('access-control-expose-headers')).toContain('DPoP-Nonce');
  });
});

describe('introspection', () => {
  it('shows the key and the type of a bound token (RFC 9449 §6.2)', async () => {
    const { redemption } = await givenGrant(provider, { resources: [DEMO.backend] });
    const { body } = await ask(redemption, FRONTEND);
    const { body: shown } = await post(provider, '/introspect', { token: body.access_token }, BACKEND);
    expect(shown).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.jkt } });
  });
});

describe('the nonce (RFC 9449 §8)', () => {
  it('is in every response to a request with a proof, valid or not, and in no other response', async () => {
    for (const dpop of [await tokenProof(), 'garbage']) {
      expect((await askAsMachine(dpop)).headers.get('dpop-nonce')).toMatch(/^[\w-]{43}$/);
    }
    expect((await post(provider, '/token', MACHINE, MARKETING_SYNC)).headers.get('dpop-nonce')).toBeNull();
  });

  it('must be current when the proof has one', async () => {
    const { status, headers, body } = await askAsMachine(await tokenProof({ nonce: 'made-up' }));
    expect([status, body.error]).toEqual([400, 'use_dpop_nonce']);
    const nonce = headers.get('dpop-nonce') ?? '';
    expect((await askAsMachine(await tokenProof({ nonce }))).status).toBe(200);
  });
});

it('a fresh nonce makes up for a wrong clock of the client (RFC 9449 §4.3 item 11, §8)', async () => {
  const claims = { iat: Math.floor(Date.now() / 1000) - 86_400 };
  const refused = await askAsMachine(await tokenProof({ claims }));
  expect(refused.body.error).toBe('invalid_dpop_proof');
  const nonce = refused.headers.get('dpop-nonce') ?? '';
  const dpop = await tokenProof({ claims, nonce });
  expect((await askAsMachine(dpop)).body.token_type).toBe('DPoP');
  expect((await askAsMachine(dpop)).body.error).toBe('invalid_dpop_proof');
});

describe('a second replica on the same database', () => {
  let replica: ProviderUnderTest;
  beforeAll(async () => {
    replica = await startProvider(databaseUrl, { ...sharedWith(provider), DPOP_NONCE: 'required' });
  });
  afterAll(() => replica.stop());

  it('refuses a proof that was used at the first replica (RFC 9449 §11.1)', async () => {
    const { headers } = await askAsMachine();
    const dpop = await tokenProof({ nonce: headers.get('dpop-nonce') ?? '' });
    expect((await askAsMachine(dpop)).status).toBe(200);
    expect((await askAsMachine(dpop, replica)).body.error).toBe('invalid_dpop_proof');
  });

  it('accepts the nonces of the first replica, and requires a nonce when it is configured to (RFC 9449 §8)', async () => {
    const bare = await askAsMachine(undefined, replica);
    expect([bare.status, bare.body.error]).toEqual([400, 'use_dpop_nonce']);
    expect(bare.headers.get('dpop-nonce')).toBeTruthy();
    const { headers } = await askAsMachine();
    const nonce = headers.get('dpop-nonce') ?? '';
    expect((await askAsMachine(await tokenProof({ nonce }), replica)).status).toBe(200);
  });
});

it('a wrong secret is answered invalid_client, whether or not the proof is valid (RFC 6749 §5.2)', async () => {
  expect((await ask(MACHINE, basic('marketing-sync', 'wrong'), 'garbage')).body.error).toBe('invalid_client');
});
