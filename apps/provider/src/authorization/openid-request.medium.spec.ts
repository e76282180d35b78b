import { type Browser, demoUsers, testDatabase } from '@trefoil/testing';
import { IdTokenIssuer } from '@trefoil/token-issuance';
import { PASSWORD_ACR } from '../sessions/authentication-context.js';
import { request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { answerAll, answerIn, ask, browserOf, signInAt } from '../testing/sign-in-at.js';
import { givenClient, type TestClient } from '../testing/test-clients.js';
import { payloadOf } from '../testing/token-requests.js';

let provider: ProviderUnderTest;
let client: TestClient;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(async () => {
  client = await givenClient(provider);
  browser = browserOf(client);
});

const signIn = (changes: Record<string, string> = {}, who: keyof typeof demoUsers = 'alice') =>
  signInAt(provider, client, { changes, browser, who });

const askFor = (changes: Record<string, string>) => ask(provider, client, browser, changes);

const claims = (value: object) => ({ claims: JSON.stringify(value) });

describe('the claims parameter', () => {
  it('adds the claims to the ID token that are requested for it (OpenID Connect Core §5.5)', async () => {
    const { id_token } = await signIn(
      claims({ id_token: { email: null, name: { essential: true }, shoe_size: null } }),
    );
    expect(payloadOf(id_token)).toMatchObject({ email: 'alice@example.com', name: 'Alice Marie Appleton' });
    expect(payloadOf(id_token)).not.toHaveProperty('email_verified');
  });

  it('adds the claims to userinfo that are requested for it (OpenID Connect Core §5.5)', async () => {
    const { access_token, id_token } = await signIn({
      scope: 'openid email',
      ...claims({ userinfo: { given_name: { essential: true }, birthdate: null } }),
    });
    expect((await request(provider, '/userinfo', { token: access_token })).body).toEqual({
      sub: payloadOf(id_token).sub,
      email: 'alice@example.com',
      email_verified: true,
      given_name: 'Alice',
      birthdate: '1985-04-12',
    });
    expect(payloadOf(id_token)).not.toHaveProperty('given_name');
  });

  it('needs consent for claims that the scopes do not include, and again for further claims', async () => {
    await signIn();
    const consent = await askFor({
      scope: 'openid email',
      ...claims({ userinfo: { phone_number: null, email: null } }),
    });
    expect(consent.text).toMatch('see your phone number');
    expect(consent.text.match(/e-mail address/g)).toHaveLength(1);
    await consent.submit('#allow');
    expect(answerIn(await askFor(claims({ userinfo: { phone_number: null } })))).toHaveProperty('code');
    expect((await askFor(claims({ id_token: { address: null } }))).url.pathname).toBe('/consent');
  });

  it('is refused when it is malformed (OpenID Connect Core §5.5)', async () => {
    expect(answerIn(await askFor({ claims: '{' }))).toMatchObject({ error: 'invalid_request' });
  });
});

describe('the authentication context class', () => {
  it('is in the ID token, whether requested as voluntary or essential (OpenID Connect Core §2, §5.5.1.1)', async () => {
    const wishes: Record<string, string>[] = [
      {},
      { acr_values: `urn:other ${PASSWORD_ACR}` },
      { acr_values: 'urn:other' },
      claims({ id_token: { acr: { essential: true, values: [PASSWORD_ACR] } } }),
    ];
    for (const changes of wishes) {
      expect(payloadOf((await signIn(changes)).id_token).acr).toBe(PASSWORD_ACR);
    }
  });

  it('that is essential and not supported is answered with an error (OpenID Connect Core §5.5.1.1)', async () => {
    const page = await askFor(claims({ id_token: { acr: { essential: true, value: 'urn:hardware' } } }));
    expect(answerIn(page)).toMatchObject({ error: 'unmet_authentication_requirements', state: 'the-state' });
  });

  it('is reached by a new sign-in when the session has none of the required classes', async () => {
    await signIn();
    await provider.dataSource.query('UPDATE sessions SET acr = NULL');
    const changes = claims({ id_token: { acr: { essential: true, value: PASSWORD_ACR } } });
    const login = await askFor(changes);
    expect(login.url.pathname).toBe('/login');
    expect(answerIn(await answerAll(login))).toHaveProperty('code');
  });
});

describe('id_token_hint', () => {
  it('lets the user that it names continue without a page (OpenID Connect Core §3.1.2.1)', async () => {
    const { id_token } = await signIn();
    expect(answerIn(await askFor({ id_token_hint: String(id_token), prompt: 'none' }))).toHaveProperty('code');
  });

  it('lets no other user continue with prompt=none (OpenID Connect Core §3.1.2.1, §3.1.2.6)', async () => {
    const { id_token } = await signIn();
    await signIn({ prompt: 'login' }, 'bob');
    const page = await askFor({ id_token_hint: String(id_token), prompt: 'none' });
    expect(answerIn(page)).toMatchObject({ error: 'login_required' });
  });

  it('asks the user that it names to sign in, and refuses another user (OpenID Connect Core §3.1.2.1)', async () => {
    const { id_token } = await signIn();
    await signIn({ prompt: 'login' }, 'bob');
    const login = await askFor({ id_token_hint: String(id_token) });
    expect(login.text).toMatch('Use the account with which you signed in there before');
    expect(answerIn(await answerAll(login, 'bob'))).toMatchObject({ error: 'login_required' });
    const again = await askFor({ id_token_hint: String(id_token) });
    expect(answerIn(await answerAll(again, 'alice'))).toHaveProperty('code');
  });

  it('is refused when another party issued it or it belongs to another client', async () => {
    const other = await signInAt(provider, await givenClient(provider));
    for (const id_token_hint of ['x', String(other.id_token), other.access_token]) {
      expect(answerIn(await askFor({ id_token_hint }))).toMatchObject({ error: 'invalid_request' });
    }
  });

  it('works when it has expired (OpenID Connect Core §3.1.2.1)', async () => {
    const { id_token } = await signIn();
    const { sub, sid } = payloadOf(id_token) as { sub: string; sid: string };
    const content = { aud: client.clientId, sub, sid, auth_time: 0, lifetime: -3600 };
    const id_token_hint = await provider.app.get(IdTokenIssuer).issue(provider.url, 'RS256', content);
    expect(answerIn(await askFor({ id_token_hint, prompt: 'none' }))).toHaveProperty('code');
  });
});

describe('the sub that the claims parameter requires', () => {
  it('lets no other user continue (OpenID Connect Core §5.5.1)', async () => {
    const { id_token } = await signIn();
    const demand = claims({ id_token: { sub: { value: payloadOf(id_token).sub } } });
    expect(answerIn(await askFor({ prompt: 'none', ...demand }))).toHaveProperty('code');
    await signIn({ prompt: 'login' }, 'bob');
    expect(answerIn(await askFor({ prompt: 'none', ...demand }))).toMatchObject({ error: 'login_required' });
  });
});

describe('prompt=select_account', () => {
  it('offers the account that is signed in, without a password (OpenID Connect Core §3.1.2.1)', async () => {
    await signIn();
    const choice = await askFor({ prompt: 'select_account' });
    expect(choice.text).toMatch('Continue as alice@example.com');
    expect(answerIn(await choice.submit('#current'))).toHaveProperty('code');
  });

  it('lets another user sign in (OpenID Connect Core §3.1.2.1)', async () => {
    await signIn();
    const choice = await askFor({ prompt: 'select_account' });
    const callback = await answerAll(await choice.submit('#login', demoUsers.bob), 'bob');
    expect(answerIn(callback)).toHaveProperty('code');
  });

  it('offers no account when prompt=login is requested too', async () => {
    await signIn();
    expect((await askFor({ prompt: 'select_account login' })).has('#current')).toBe(false);
  });

  it('is accepted only for the session that was offered', async () => {
    await signIn();
    const choice = await askFor({ prompt: 'select_account' });
    await signIn({ prompt: 'login' }, 'bob');
    expect((await choice.submit('#current')).status).toBe(403);
  });
});

describe('the registration of a client', () => {
  it('applies default_max_age when a request has no max_age (OpenID Connect Registration §2)', async () => {
    client = await givenClient(provider, { defaultMaxAge: 60 });
    await signIn();
    expect(answerIn(await askFor({ prompt: 'none' }))).toHaveProperty('code');
    await provider.dataSource.query(`UPDATE sessions SET authenticated_at = now() - interval '61 seconds'`);
    expect(answerIn(await askFor({ prompt: 'none' }))).toMatchObject({ error: 'login_required' });
    expect(answerIn(await askFor({ prompt: 'none', max_age: '90' }))).toHaveProperty('code');
  });

  it('always fulfils require_auth_time (OpenID Connect Registration §2)', async () => {
    client = await givenClient(provider, { requireAuthTime: true });
    expect(payloadOf((await signIn()).id_token).auth_time).toEqual(expect.any(Number));
  });
});

it.each<Record<string, string>>([
  { display: 'popup' },
  { ui_locales: 'de fr-CA en' },
  { login_hint: 'alice@example.com' },
])('%j is accepted (OpenID Connect Core §3.1.2.1)', async (changes) => {
  expect(await signIn(changes)).toHaveProperty('id_token');
});
