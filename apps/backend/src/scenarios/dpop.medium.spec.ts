import { Caller, DpopKey, LoopbackIssuer, testDatabase } from '@trefoil/testing';
import { randomBytes } from 'node:crypto';
import { type BackendUnderTest, RESOURCE, startBackend } from '../testing/backend-under-test.js';

const issuer = new LoopbackIssuer();
const DPOP_NONCE_KEY = randomBytes(32).toString('base64url');

let backend: BackendUnderTest;
let replica: BackendUnderTest;
let key: DpopKey;

beforeAll(async () => {
  const databaseUrl = await testDatabase();
  await issuer.start();
  backend = await startBackend(databaseUrl, issuer, { DPOP_NONCE_KEY });
  replica = await startBackend(databaseUrl, issuer, { DPOP_NONCE_KEY, DPOP_NONCE: 'required' });
  key = await DpopKey.generate();
});
afterAll(async () => {
  await Promise.all([backend.stop(), replica.stop()]);
  await issuer.stop();
});

const boundToken = () =>
  issuer.token({
    aud: RESOURCE,
    sub: 'alice',
    client_id: 'frontend',
    scope: 'contacts:read contacts:write',
    grant_id: 'grant',
    cnf: { jkt: key.jkt },
  });
const proofFor = (accessToken: string, nonce?: string) =>
  key.proof({ method: 'GET', url: `${RESOURCE}/v1/contacts`, accessToken, nonce });
const call = (token: string, dpop: string, at = backend, scheme = 'DPoP') =>
  new Caller(at.url).get('/v1/contacts?limit=5', { Authorization: `${scheme} ${token}`, DPoP: dpop });

it('a bound token with a proof for the public URL can read contacts (RFC 9449 §4.3, §7.1)', async () => {
  const token = boundToken();
  const { status, headers } = await call(token, await proofFor(token));
  expect(status).toBe(200);
  expect(headers.get('dpop-nonce')).toMatch(/^[\w-]{43}$/);
});

it('a bound token is refused as a bearer token (RFC 9449 §7.2)', async () => {
  const token = boundToken();
  const { status, headers } = await call(token, await proofFor(token), backend, 'Bearer');
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toMatch(
    /^Bearer .*error="invalid_token".*, DPoP .*algs="ES256 PS256 RS256 EdDSA"/,
  );
});

it('a bearer token is refused in the DPoP scheme (RFC 9449 §7.1)', async () => {
  const token = backend.userToken('alice');
  expect((await call(token, await proofFor(token))).status).toBe(401);
});

it('a proof is refused when another replica has accepted it before (RFC 9449 §11.1)', async () => {
  const token = boundToken();
  const { headers } = await call(token, await proofFor(token));
  const dpop = await proofFor(token, headers.get('dpop-nonce') ?? '');
  expect((await call(token, dpop)).status).toBe(200);
  const again = await call(token, dpop, replica);
  expect(again.status).toBe(401);
  expect(again.headers.get('www-authenticate')).toMatch(/DPoP .*error="invalid_dpop_proof"/);
});

it('a nonce is required when configured, and the nonce of another replica is accepted (RFC 9449 §9)', async () => {
  const token = boundToken();
  const bare = await call(token, await proofFor(token), replica);
  expect(bare.status).toBe(401);
  expect(bare.headers.get('www-authenticate')).toMatch(/DPoP .*error="use_dpop_nonce"/);
  expect(bare.headers.get('dpop-nonce')).toBeTruthy();
  const { headers } = await call(token, await proofFor(token));
  expect((await call(token, await proofFor(token, headers.get('dpop-nonce') ?? ''), replica)).status).toBe(200);
});

it('a bound token that the provider no longer accepts gets a DPoP challenge from the profile', async () => {
  const token = boundToken();
  issuer.exchangeRefusal = [400, { error: 'invalid_request' }];
  const dpop = await key.proof({ method: 'GET', url: `${RESOURCE}/v1/profile`, accessToken: token });
  const answer = await new Caller(backend.url).get('/v1/profile', { Authorization: `DPoP ${token}`, DPoP: dpop });
  issuer.exchangeRefusal = undefined;
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP realm="backend", .*error="invalid_token"/);
});
