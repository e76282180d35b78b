import { demoUsers, RelyingParty, testDatabase } from '@trefoil/testing';
import { Client } from '../client.entity.js';
import { ClientSecret } from '../secrets/client-secret.entity.js';
import { Consent } from '../../grants/consent.entity.js';
import { Grant } from '../../grants/grant.entity.js';
import { InitialAccessToken } from './initial-access-token.entity.js';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenRegisteredClient, INITIAL_ACCESS_TOKEN, sendMetadata } from '../../testing/registrations.js';
import { CLIENT_CALLBACK } from '../../testing/test-clients.js';
import { basic, post } from '../../testing/token-requests.js';

const PUBLIC = { token_endpoint_auth_method: 'none' };

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

type Information = Awaited<ReturnType<typeof givenRegisteredClient>>;

const pathOf = ({ registration_client_uri }: Information): string => new URL(registration_client_uri).pathname;
const read = (client: Information, token: string = client.registration_access_token) =>
  request(provider, pathOf(client), { token });
const update = (client: Information, metadata: object, token: string = client.registration_access_token) =>
  sendMetadata(provider, metadata, { method: 'PUT', path: pathOf(client), token });
const remove = (client: Information, token: string = client.registration_access_token) =>
  request(provider, pathOf(client), { method: 'DELETE', token });

function signIn({ client_id, client_secret }: Information, scope?: string) {
  const options = { clientId: client_id, clientSecret: client_secret, redirectUri: CLIENT_CALLBACK };
  return RelyingParty.discover({ issuer: provider.url, ...options }).then((party) =>
    party.signIn({ ...demoUsers.alice, scope }),
  );
}

const lastEvent = async () => (await provider.dataSource.manager.find(SecurityEvent, { order: { id: 'ASC' } })).at(-1);

describe('a client that registers', () => {
  it('gets its id, its secret and every effective member (RFC 7591 §3.2.1, OpenID Connect Registration §3.2)', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { status, headers, body } = await sendMetadata(provider, { redirect_uris: [CLIENT_CALLBACK] });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: expect.any(Number),
      registration_client_uri: `${provider.url}/register/${body.client_id}`,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      security_profile: 'oidc',
      application_type: 'web',
      redirect_uris: [CLIENT_CALLBACK],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile email address phone offline_access',
      client_name: body.client_id,
      contacts: [],
      id_token_signed_response_alg: 'RS256',
      subject_type: 'public',
      require_auth_time: false,
      default_acr_values: [],
      require_pushed_authorization_requests: false,
      require_signed_request_object: false,
      dpop_bound_access_tokens: false,
      tls_client_certificate_bound_access_tokens: false,
      post_logout_redirect_uris: [],
      backchannel_logout_session_required: false,
    });
    expect(body.client_id_issued_at).toBeGreaterThanOrEqual(before);
  });

  it('can sign people in with its credentials', async () => {
    const client = await givenRegisteredClient(provider, { grant_types: ['authorization_code', 'refresh_token'] });
    const tokens = await signIn(client, 'openid email offline_access');
    expect(tokens.claims()).toMatchObject({ aud: client.client_id, iss: provider.url });
    expect(tokens.refresh_token).toBeDefined();
  });

  it('can sign people in without a secret', async () => {
    const client = await givenRegisteredClient(provider, PUBLIC);
    expect(client).not.toHaveProperty('client_secret');
    expect(client).not.toHaveProperty('client_secret_expires_at');
    expect((await signIn(client)).access_token).toBeDefined();
  });

  it('is named on the consent page', async () => {
    const client = await givenRegisteredClient(provider, { client_name: 'Kätzchen & Co' });
    const party = await RelyingParty.discover({
      issuer: provider.url,
      clientId: client.client_id,
      clientSecret: client.client_secret,
      redirectUri: CLIENT_CALLBACK,
    });
    const login = await party.newBrowser().open((await party.authorizationRequest()).url);
    expect((await login.submit('#login', demoUsers.alice)).text).toContain('Kätzchen & Co');
  });

  it('gets back every member that it sent, also when it reads its registration', async () => {
    const metadata = {
      redirect_uris: [CLIENT_CALLBACK, 'https://client.example/other'],
      post_logout_redirect_uris: ['https://client.example/bye'],
      client_name: 'Client',
      client_uri: 'https://client.example/',
      logo_uri: 'https://client.example/logo.png',
      policy_uri: 'https://client.example/policy',
      tos_uri: 'https://client.example/terms',
      contacts: ['ops@client.example'],
      software_id: '4NRB1-0XZABZI9E6-5SM3R',
      software_version: '1.0',
      jwks_uri: 'https://client.example/jwks',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      request_object_signing_alg: 'PS256',
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'RS256',
      subject_type: 'pairwise',
      default_max_age: 60,
      require_auth_time: true,
      default_acr_values: ['1'],
      require_pushed_authorization_requests: true,
      require_signed_request_object: true,
      response_modes: ['jwt', 'form_post.jwt'],
      dpop_bound_access_tokens: true,
      initiate_login_uri: 'https://client.example/login',
      backchannel_logout_uri: 'https://client.example/backchannel-logout',
      backchannel_logout_session_required: true,
      scope: 'openid account:read',
      security_profile: 'oauth2.1',
    };
    const client = await givenRegisteredClient(provider, metadata);
    expect(client).toMatchObject(metadata);
    expect((await read(client)).body).toEqual(client);
  });

  it('has only hashes of its secret and its token stored', async () => {
    const client = await givenRegisteredClient(provider);
    const { manager } = provider.dataSource;
    const rows = [
      await manager.findBy(Client, { clientId: client.client_id }),
      await manager.findBy(ClientSecret, { clientId: client.client_id }),
      await manager.find(InitialAccessToken),
    ];
    const text = (await provider.dataSource.query<{ text: string }[]>('SELECT clients::text AS text FROM clients'))
      .map((row) => row.text)
      .join();
    for (const secret of [client.client_secret, client.registration_access_token, INITIAL_ACCESS_TOKEN]) {
      expect(JSON.stringify(rows) + text).not.toContain(secret);
    }
  });

  it('is recorded', async () => {
    const client = await givenRegisteredClient(provider);
    expect(await lastEvent()).toMatchObject({
      type: 'client-registered',
      outcome: 'success',
      clientId: client.client_id,
      address: expect.any(String),
      requestId: expect.any(String),
    });
  });

  it.each(['jwks_uri', 'sector_identifier_uri', 'backchannel_logout_uri'])(
    'is refused with the reason when its %s is not on the public internet (RFC 9700 §4.12)',
    async (member) => {
      for (const host of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '[::1]', 'localhost']) {
        const metadata = { redirect_uris: [CLIENT_CALLBACK], [member]: `https://${host}/path` };
        const { status, body } = await sendMetadata(provider, metadata);
        expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
        expect(body.error_description).toBe(`${member}: the address is not on the public internet`);
      }
    },
  );

  it('has its unknown members ignored (RFC 7591 §2)', async () => {
    const client = await givenRegisteredClient(provider, { favourite_colour: 'green', client_name: null });
    expect(client).not.toHaveProperty('favourite_colour');
    expect(client.client_name).toBe(client.client_id);
  });

  it.each(['oauth2.1', 'oidc', 'fapi2'])('may choose the profile %s if its token allows it', async (profile) => {
    const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://client.example/jwks' };
    const client = await givenRegisteredClient(provider, { security_profile: profile, ...keys });
    expect(client.security_profile).toBe(profile);
    expect(client.require_pushed_authorization_requests).toBe(profile === 'fapi2');
  });
});

describe('an initial access token', () => {
  const metadata = { redirect_uris: [CLIENT_CALLBACK] };
  const add = (token: Partial<InitialAccessToken>) =>
    provider.dataSource.manager.update(InitialAccessToken, { description: 'Registers clients of the demo' }, token);
  afterEach(() => add({ defaultProfile: 'oidc', allowedProfiles: ['oauth2.1', 'oidc', 'fapi2'], expiresAt: null }));

  it('is required, in the header only (RFC 7591 §3, RFC 6750 §3)', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ...metadata, access_token: INITIAL_ACCESS_TOKEN });
    const path = `/register?access_token=${INITIAL_ACCESS_TOKEN}`;
    const answer = await request(provider, path, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="registration"');
  });

  it.each(['wrong', `${INITIAL_ACCESS_TOKEN}x`])('must be a known one, not %s (RFC 6750 §3.1)', async (token) => {
    const answer = await sendMetadata(provider, metadata, { token });
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="registration", error="invalid_token"/);
  });

  it('must be well-formed (RFC 6750 §3.1)', async () => {
    const answer = await sendMetadata(provider, metadata, { token: 'a b' });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  it('expires', async () => {
    await add({ expiresAt: new Date(Date.now() - 1) });
    expect((await sendMetadata(provider, metadata)).status).toBe(401);
  });

  it('sets the profile of a client that requests none', async () => {
    await add({ defaultProfile: 'oauth2.1' });
    expect((await sendMetadata(provider, metadata)).body.security_profile).toBe('oauth2.1');
  });

  it('limits the profiles that a client may request', async () => {
    await add({ allowedProfiles: ['oidc'] });
    const { status, body } = await sendMetadata(provider, { ...metadata, security_profile: 'oauth2.1' });
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    expect(body.error_description).toBe('security_profile must be one of oidc');
  });
});

describe('the initial access token of the demo', () => {
  it('is refused in production', async () => {
    const production = await startProvider(await testDatabase(), { NODE_ENV: 'production' });
    try {
      expect((await sendMetadata(production, { redirect_uris: [CLIENT_CALLBACK] })).status).toBe(401);
    } finally {
      await production.stop();
    }
  });
});

describe('a registration that is refused (RFC 7591 §3.2.2)', () => {
  const count = () => provider.dataSource.manager.count(Client);

  it.each<[string, string, object]>([
    ['no redirect URI', 'invalid_redirect_uri', {}],
    ['a redirect URI with a fragment', 'invalid_redirect_uri', { redirect_uris: [`${CLIENT_CALLBACK}#a`] }],
    ['the implicit grant', 'invalid_client_metadata', { redirect_uris: [CLIENT_CALLBACK], grant_types: ['implicit'] }],
    ['a software statement', 'unapproved_software_statement', { software_statement: 'a.b.c' }],
    [
      'a private key',
      'invalid_client_metadata',
      { redirect_uris: [CLIENT_CALLBACK], jwks: { keys: [{ kty: 'oct' }] } },
    ],
  ])('has no effect: %s', async (_what, error, metadata) => {
    const before = await count();
    const answer = await sendMetadata(provider, metadata);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await count()).toBe(before);
  });

  it.each<[string, unknown]>([
    ['an array', []],
    ['a string', 'client'],
    ['null', null],
    ['NUL in a name', { redirect_uris: [CLIENT_CALLBACK], client_name: 'a\0b' }],
    ['a lone surrogate', { redirect_uris: [CLIENT_CALLBACK], client_name: '\ud800' }],
    ['a NUL in a key', { redirect_uris: [CLIENT_CALLBACK], jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: '\0' }] } }],
  ])('is answered 400 for %s', async (_what, body) => {
    expect((await sendMetadata(provider, body)).status).toBe(400);
  });

  it('is answered 400 for a body that is not JSON', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = { method: 'POST', token: INITIAL_ACCESS_TOKEN, headers, body: 'redirect_uris=https://a.example' };
    expect(await request(provider, '/register', form)).toMatchObject({ status: 400 });
    const broken = { ...form, headers: { 'content-type': 'application/json' }, body: '{"redirect_uris":' };
    expect(await request(provider, '/register', broken)).toMatchObject({ status: 400 });
  });

  it('is answered 413 for a body larger than 64 KiB', async () => {
    const answer = await sendMetadata(provider, { redirect_uris: [CLIENT_CALLBACK], x: 'x'.repeat(70_000) });
    expect(answer.status).toBe(413);
  });
});

describe('a client that reads its registration', () => {
  it('gets every member except its secret, of which only a hash is stored (RFC 7592 §2.1)', async () => {
    const {
      client_secret: _secret,
      client_secret_expires_at: _expiry,
      ...client
    } = await givenRegisteredClient(provider);
    const { status, headers, body } = await read(client);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual(client);
  });

  it.each<[string, string | undefined]>([
    ['no token', undefined],
    ['a wrong token', 'wrong'],
    ['the initial access token', INITIAL_ACCESS_TOKEN],
  ])('is refused with %s (RFC 7592 §2.1, RFC 6750 §3)', async (_what, token) => {
    const client = await givenRegisteredClient(provider);
    const answer = await request(provider, pathOf(client), { token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="registration"/);
  });

  it('is refused with the token of another client, for every method (RFC 7592 §2)', async () => {
    const client = await givenRegisteredClient(provider);
    const { registration_access_token: token } = await givenRegisteredClient(provider);
    const { client_id } = client;
    const tries = [
      read(client, token),
      update(client, { client_id, redirect_uris: [CLIENT_CALLBACK] }, token),
      remove(client, token),
    ];
    for (const { status } of await Promise.all(tries)) expect(status).toBe(401);
    expect((await read(client)).status).toBe(200);
  });

  it.each(['unknown', 'frontend', '%00'])('is refused when there is no such client: %s (RFC 7592 §2.1)', async (id) => {
    const { registration_access_token: token } = await givenRegisteredClient(provider);
    expect((await request(provider, `/register/${id}`, { token })).status).toBe(401);
  });
});

describe('a client that updates its registration', () => {
  const other = 'https://client.example/other';

  it('replaces every member, and absent members get their defaults (RFC 7592 §2.2)', async () => {
    const client = await givenRegisteredClient(provider, { client_name: 'Before', contacts: ['ops@client.example'] });
    const { client_id } = client;
    const { status, body } = await update(client, { client_id, redirect_uris: [other], scope: 'openid' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      client_id,
      client_name: client_id,
      redirect_uris: [other],
      scope: 'openid',
      contacts: [],
    });
    expect(body.registration_access_token).toBe(client.registration_access_token);
    expect((await read(client)).body).toEqual(body);
    expect(await lastEvent()).toMatchObject({ type: 'client-updated', clientId: client_id });
  });

  it('can use only the new redirect URI, at once', async () => {
    const client = await givenRegisteredClient(provider);
    await signIn(client);
    await update(client, { client_id: client.client_id, redirect_uris: [other] });
    await expect(signIn(client)).rejects.toThrow();
  });

  it('keeps its secret, which it may send (RFC 7592 §2.2)', async () => {
    const client = await givenRegisteredClient(provider);
    const { client_id, client_secret } = client;
    const { status, body } = await update(client, { client_id, client_secret, redirect_uris: [CLIENT_CALLBACK] });
    expect([status, body.client_secret]).toEqual([200, undefined]);
    expect((await signIn(client)).access_token).toBeDefined();
  });

  it('gets a secret when its new method needs one, and loses it when its method does not', async () => {
    const client = await givenRegisteredClient(provider, PUBLIC);
    const metadata = { client_id: client.client_id, redirect_uris: [CLIENT_CALLBACK] };
    const confidential = await update(client, metadata);
    expect(confidential.body.client_secret).toMatch(/^[\w-]{43}$/);
    expect((await signIn(confidential.body)).access_token).toBeDefined();
    expect((await update(client, { ...metadata, ...PUBLIC })).status).toBe(200);
    expect(await provider.dataSource.manager.countBy(ClientSecret, { clientId: client.client_id })).toBe(0);
  });

  it('keeps its security profile when it requests none', async () => {
    const client = await givenRegisteredClient(provider, { security_profile: 'oauth2.1' });
    const { body } = await update(client, { client_id: client.client_id, redirect_uris: [CLIENT_CALLBACK] });
    expect(body.security_profile).toBe('oauth2.1');
  });

  it.each<[string, (client: Information) => object]>([
    ['without client_id', () => ({})],
    ['with another client_id', () => ({ client_id: 'frontend' })],
    ['with another secret', ({ client_id }) => ({ client_id, client_secret: 'chosen' })],
    ['with a registration token', ({ client_id }) => ({ client_id, registration_access_token: 'a' })],
    ['with client_id_issued_at', ({ client_id }) => ({ client_id, client_id_issued_at: 1 })],
    ['with client_secret_expires_at', ({ client_id }) => ({ client_id, client_secret_expires_at: 0 })],
    ['with registration_client_uri', ({ client_id }) => ({ client_id, registration_client_uri: 'https://a.example' })],
    ['that would be refused as a registration', ({ client_id }) => ({ client_id, response_types: ['token'] })],
    ['with an unknown profile', ({ client_id }) => ({ client_id, security_profile: '__proto__' })],
  ])('is refused %s, and is not changed (RFC 7592 §2.2)', async (_what, changes) => {
    const client = await givenRegisteredClient(provider);
    const { status, body } = await update(client, { redirect_uris: [other], ...changes(client) });
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    expect((await read(client)).body.redirect_uris).toEqual([CLIENT_CALLBACK]);
  });
});

describe('a client that removes itself', () => {
  it('is deleted with its tokens, secrets, grants and consents (RFC 7592 §2.3)', async () => {
    const client = await givenRegisteredClient(provider, { grant_types: ['authorization_code', 'refresh_token'] });
    const clientId = client.client_id;
    const { access_token, refresh_token = '' } = await signIn(client, 'openid offline_access');
    const userinfo = () => request(provider, '/userinfo', { token: access_token });
    expect((await userinfo()).status).toBe(200);

    expect(await remove(client)).toMatchObject({ status: 204, body: {} });

    expect((await userinfo()).status).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token };
    const refreshed = await post(provider, '/token', refresh, basic(clientId, client.client_secret));
    expect([refreshed.status, refreshed.body.error]).toEqual([401, 'invalid_client']);
    await expect(signIn(client)).rejects.toThrow();
    for (const entity of [Client, ClientSecret, Grant, Consent]) {
      expect(await provider.dataSource.manager.countBy(entity, { clientId })).toBe(0);
    }
  });

  it('is recorded', async () => {
    const client = await givenRegisteredClient(provider);
    await remove(client);
    expect(await lastEvent()).toMatchObject({ type: 'client-removed', outcome: 'success', clientId: client.client_id });
  });

  it('cannot be read, updated or removed again (RFC 7592 §2.1)', async () => {
    const client = await givenRegisteredClient(provider);
    await remove(client);
    const again = [
      read(client),
      update(client, { client_id: client.client_id, redirect_uris: [CLIENT_CALLBACK] }),
      remove(client),
    ];
    for (const { status } of await Promise.all(again)) expect(status).toBe(401);
  });
});
