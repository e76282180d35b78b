import { testDatabase } from '@trefoil/testing';
import { request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { answerIn, ask, browserOf, signInAt } from '../testing/sign-in-at.js';
import { givenClient, type TestClient } from '../testing/test-clients.js';
import { payloadOf, post } from '../testing/token-requests.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';

let provider: ProviderUnderTest;
let client: TestClient;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
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

  it('has the public subject in its access tokens, by which resource servers know users (RFC 9068 §6)', async () => {
    const { access_token } = await signInAt(provider, client);
    expect(payloadOf(access_token).sub).toBe(ALICE);
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
