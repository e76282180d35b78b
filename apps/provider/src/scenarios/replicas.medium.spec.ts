import { Browser, demoUsers, DpopKey, testDatabase } from '@trefoil/testing';
import { Revocations } from '../issued-tokens/revocations.js';
import { type ProviderUnderTest, sharedWith, startProvider } from '../testing/provider-under-test.js';
import { authorizeUrl, push } from '../testing/pushed-requests.js';
import { CLIENT_CALLBACK, clientAssertion, givenClient } from '../testing/test-clients.js';
import { BACKEND, FRONTEND, givenGrant, MARKETING_SYNC, payloadOf, post } from '../testing/token-requests.js';
import { until } from '../testing/until.js';

let first: ProviderUnderTest;
let second: ProviderUnderTest;

beforeAll(async () => {
  const database = await testDatabase();
  first = await startProvider(database);
  // Another process of the same installation. Only its port differs.
  second = await startProvider(database, sharedWith(first));
});
afterAll(() => Promise.all([first.stop(), second.stop()]));

const machineToken = (provider: ProviderUnderTest, dpop: string) =>
  post(provider, '/token', { grant_type: 'client_credentials' }, MARKETING_SYNC, { dpop });

describe('two replicas on one database', () => {
  it('publish the same keys', async () => {
    const [a, b] = await Promise.all([first, second].map(async ({ url }) => (await fetch(`${url}/jwks`)).json()));
    expect(b).toEqual(a);
  });

  it('accept each other’s codes and refresh tokens, and apply each other’s revocations', async () => {
    const { redemption } = await givenGrant(first);
    const redeemed = await post(second, '/token', redemption, FRONTEND);
    expect(redeemed.status).toBe(200);
    const again = { grant_type: 'refresh_token', refresh_token: redeemed.body.refresh_token };
    const [a, b] = await Promise.all([post(first, '/token', again, FRONTEND), post(second, '/token', again, FRONTEND)]);
    expect(a.body.refresh_token).toBe(b.body.refresh_token);

    await post(first, '/revoke', { token: a.body.access_token }, FRONTEND);
    const inspected = await post(second, '/introspect', { token: a.body.access_token }, BACKEND);
    expect(inspected.body).toEqual({ active: false });
  });

  it('issue no token of a token generation that the other has revoked, once they are notified', async () => {
    const grant = { grant_type: 'client_credentials', scope: 'contacts:export' };
    const issued = async () => (await post(second, '/token', grant, MARKETING_SYNC)).body.access_token;
    const before = await issued();
    await first.app.get(Revocations).revokeClientTokens('marketing-sync', {});
    await until(async () => payloadOf(await issued()).client_generation === 1 || undefined);
    const isActive = async (token: string) => (await post(first, '/introspect', { token }, BACKEND)).body.active;
    expect([await isActive(before), await isActive(await issued())]).toEqual([false, true]);
  });

  it('refuse a code that the other has redeemed (RFC 6749 §4.1.2)', async () => {
    const { redemption } = await givenGrant(first);
    expect((await post(first, '/token', redemption, FRONTEND)).status).toBe(200);
    expect((await post(second, '/token', redemption, FRONTEND)).body.error).toBe('invalid_grant');
  });

  it('accept each other’s pushed requests, sign-in pages and sessions (RFC 9126 §2)', async () => {
    const client = await givenClient(first);
    const { body } = await push(first, client);
    const parameters = { client_id: client.clientId, request_uri: String(body.request_uri) };
    const browser = new Browser({ stopAt: CLIENT_CALLBACK });
    const signIn = await browser.open(authorizeUrl(second, parameters));
    const consent = await signIn.submit('#login', demoUsers.alice);
    const answered = await consent.submit('#allow');
    expect(answered.location?.searchParams.get('iss')).toBe(first.url);

    const silent = await push(second, client, { prompt: 'none' });
    const next = { client_id: client.clientId, request_uri: String(silent.body.request_uri) };
    expect((await browser.open(authorizeUrl(first, next))).location?.searchParams.has('code')).toBe(true);
  });

  it('refuse a client assertion that the other has already accepted (RFC 7523 §3)', async () => {
    const client = await givenClient(first, { method: 'private_key_jwt' });
    const assertion = await clientAssertion(first, client);
    const authentication = {
      token: 'x',
      client_id: client.clientId,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
    expect((await post(first, '/introspect', authentication)).status).toBe(200);
    expect((await post(second, '/introspect', authentication)).body.error).toBe('invalid_client');
  });

  it('accept each other’s DPoP nonces, and refuse a proof that the other has already accepted (RFC 9449 §8, §11.1)', async () => {
    const key = await DpopKey.generate();
    const proof = await key.proof({ url: `${first.url}/token` });
    const answered = await machineToken(first, proof);
    expect([answered.status, answered.body.token_type]).toEqual([200, 'DPoP']);
    expect((await machineToken(second, proof)).body.error).toBe('invalid_dpop_proof');

    const nonce = answered.headers.get('dpop-nonce') ?? '';
    expect(nonce).not.toBe('');
    const fresh = await key.proof({ url: `${first.url}/token`, nonce });
    expect((await machineToken(second, fresh)).status).toBe(200);
  });
});
