import { testDatabase } from '@trefoil/testing';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { request } from '../testing/api-requests.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { answerIn, ask, browserOf, signInAt } from '../testing/sign-in-at.js';
import { CLIENT_CALLBACK, type ClientOptions, givenClient, type TestClient } from '../testing/test-clients.js';
import { BACKEND, givenGrant, payloadOf, post } from '../testing/token-requests.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';

let provider: ProviderUnderTest;
let client: TestClient;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  // In the demo, only the frontend gets tokens of users for the backend.
  await provider.dataSource.query('UPDATE resource_servers SET user_clients = NULL');
  provider.app.get(ResourceServers).forget();
  client = await givenClient(provider, { subjectType: 'pairwise' });
});
afterAll(() => provider.stop());

describe('a client with pairwise subjects', () => {
  it('gets the same subject in ID token, userinfo and introspection (OpenID Connect Core §8, §5.3.2)', async () => {
    const { id_token, access_token, refresh_token } = await signInAt(provider, client);
    const { sub } = payloadOf(id_token);
    expect(sub).not.toBe(ALICE);
    expect((await request(provider, '/userinfo', { token: access_token })).body).toEqual({ sub });
    for (const token of [access_token, refresh_token]) {
      expect((await post(provider, '/introspect', { token }, client.authorization)).body.sub).toBe(sub);
    }
  });

  it('finds the public subject nowhere: not in its access tokens, not in the account API (OpenID Connect Core §8)', async () => {
    const { id_token, access_token } = await signInAt(provider, client, { changes: { scope: 'openid account:read' } });
    const { sub } = payloadOf(id_token);
    expect(payloadOf(access_token)).toMatchObject({ sub, subject_type: 'pairwise' });
    for (const path of ['/api/account', '/api/account/events']) {
      const { status, body } = await request(provider, path, { token: access_token });
      expect([status, JSON.stringify(body).includes(ALICE)]).toEqual([200, false]);
    }
    expect((await request(provider, '/api/account', { token: access_token })).body.sub).toBe(sub);
  });

  it('has a user whom resource servers recognize by introspection, whichever client calls (RFC 7662 §2.2)', async () => {
    const { clientId, redirectUri } = client;
    const scopes = ['contacts:read', 'account:read'];
    const { redemption } = await givenGrant(provider, { clientId, redirectUri, resources: [DEMO.backend], scopes });
    const { access_token } = (await post(provider, '/token', redemption, client.authorization)).body;
    expect(payloadOf(access_token).sub).not.toBe(ALICE);
    const { body } = await post(provider, '/introspect', { token: access_token }, BACKEND);
    expect(body).toMatchObject({ active: true, sub: ALICE });
    expect(body).not.toHaveProperty('subject_type');
    const exchange = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: `${provider.url}/api`,
      scope: 'account:read',
    };
    const exchanged = (await post(provider, '/token', exchange, BACKEND)).body.access_token;
    expect((await request(provider, '/api/account', { token: exchanged })).body.sub).toBe(ALICE);
  });

  it('gets the same subject at every sign-in, and another one for another user', async () => {
    const [first, again, ofBob] = await Promise.all([
      signInAt(provider, client),
      signInAt(provider, client),
      signInAt(provider, client, { who: 'bob' }),
    ]);
    expect(payloadOf(again.id_token).sub).toBe(payloadOf(first.id_token).sub);
    expect(payloadOf(ofBob.id_token).sub).not.toBe(payloadOf(first.id_token).sub);
  });

  it('can name its user by id_token_hint and by sub (OpenID Connect Core §3.1.2.1, §5.5.1)', async () => {
    const browser = browserOf(client);
    const { id_token } = await signInAt(provider, client, { browser });
    const { sub } = payloadOf(id_token);
    for (const changes of [
      { id_token_hint: String(id_token) },
      { claims: JSON.stringify({ id_token: { sub: { value: sub } } }) },
    ]) {
      const page = await ask(provider, client, browser, { prompt: 'none', ...changes });
      expect(answerIn(page)).toHaveProperty('code');
    }
    const claims = JSON.stringify({ id_token: { sub: { value: ALICE } } });
    expect(answerIn(await ask(provider, client, browser, { prompt: 'none', claims }))).toMatchObject({
      error: 'login_required',
    });
  });
});

describe('the session of a user', () => {
  it('has another sid for each client, in ID tokens, access tokens, introspection and events', async () => {
    const options = { backchannelLogoutSessionRequired: true };
    const clients = [await givenClient(provider, options), await givenClient(provider, options)];
    const browser = browserOf({ redirectUri: CLIENT_CALLBACK });
    const seen = [];
    for (const each of clients) {
      const { id_token, access_token } = await signInAt(provider, each, {
        browser,
        changes: { scope: 'openid account:read' },
      });
      const { sid } = payloadOf(id_token);
      expect(payloadOf(access_token).sid).toBe(sid);
      const introspected = await post(provider, '/introspect', { token: access_token }, each.authorization);
      expect(introspected.body.sid).toBe(sid);
      const { body } = await request(provider, '/api/account/events', { token: access_token });
      expect(body.items[0].sessionId).toBe(sid);
      seen.push(sid);
    }
    expect(new Set(seen).size).toBe(2);
    expect(await provider.dataSource.query('SELECT id FROM sessions WHERE id::text = ANY ($1)', [seen])).toEqual([]);
  });

  it('has a sid in the ID tokens of clients that can use it only (OpenID Connect Back-Channel Logout §2.1)', async () => {
    const sidOf = async (options: ClientOptions) =>
      payloadOf((await signInAt(provider, await givenClient(provider, options))).id_token).sid;
    expect(await sidOf({})).toBeUndefined();
    expect(await sidOf({ backchannelLogoutSessionRequired: true })).toEqual(expect.any(String));
    expect(await sidOf({ backchannelLogoutUri: 'https://client.example/logout' })).toEqual(expect.any(String));
  });
});
