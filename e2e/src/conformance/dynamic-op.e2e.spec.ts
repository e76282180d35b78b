import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { signInAndConsent } from '@trefoil/testing';
import { runTrefoil } from '../operations/run-trefoil.js';
import { type ClientSite, startClientSite } from './client-site.js';
import { newBrowser, REDIRECT_URI, register, send, SuiteClient, SuiteKey, userinfo } from './suite-client.js';

const BY_KEY = { token_endpoint_auth_method: 'private_key_jwt' };

let site: ClientSite;
let stack: Stack;
let provider: string;

beforeAll(async () => {
  site = await startClientSite();
  const environment = { provider: { OUTBOUND_ALLOWED_ORIGINS: site.origin } };
  stack = await startTemporaryStack({ only: ['provider'], environment });
  provider = stack.urls.provider;
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await site.stop();
});

const registered = (metadata: Record<string, unknown> = {}) =>
  SuiteClient.register({ ...BY_KEY, ...metadata }, provider);

/** Opens an authorization request in a browser without a session, and returns the page. */
const firstPage = (client: SuiteClient, parameters: Record<string, string | undefined>) =>
  newBrowser().open(client.authorizationUrl(parameters));

/** The modules of `oidcc-dynamic-certification-test-plan`, except those that need implicit responses. */
describe('the plan Dynamic OP', () => {
  it('oidcc-server: with a client that registered itself and authenticates with its key', async () => {
    const client = await registered();
    const { id_token } = await client.signIn();
    expect((await client.idTokenClaims(id_token)).payload.aud).toBe(client.id);
  });

  it('oidcc-idtoken-rs256', async () => {
    const client = await registered({ id_token_signed_response_alg: 'RS256' });
    const { id_token } = await client.signIn();
    expect((await client.idTokenClaims(id_token)).protectedHeader.alg).toBe('RS256');
  });

  it('oidcc-idtoken-unsigned: is refused at registration, and absent from the metadata', async () => {
    const { body } = await send(`${provider}/.well-known/openid-configuration`);
    expect(body.id_token_signing_alg_values_supported).not.toContain('none');
    expect((await register({ id_token_signed_response_alg: 'none' }, provider)).body.error).toBe(
      'invalid_client_metadata',
    );
  });

  it('oidcc-userinfo-rs256: returns a JWT from the issuer to the client', async () => {
    const client = await registered({ userinfo_signed_response_alg: 'RS256' });
    const { access_token } = await client.signIn();
    const { headers, text } = await userinfo(access_token, {}, provider);
    expect(headers.get('content-type')).toContain('application/jwt');
    expect((await client.signedClaims(text)).protectedHeader.alg).toBe('RS256');
  });

  it('oidcc-ensure-redirect-uri-in-authorization-request: shows an error page when it is missing', async () => {
    const page = await firstPage(await registered(), { redirect_uri: undefined });
    expect([page.status, page.location]).toEqual([400, undefined]);
  });

  describe('with a redirect URI that has a query', () => {
    const WITH_QUERY = `${REDIRECT_URI}?foo=bar`;
    let client: SuiteClient;
    beforeAll(async () => {
      client = await registered({ redirect_uris: [WITH_QUERY] });
    });

    it('oidcc-redirect-uri-query-OK: keeps the query', async () => {
      const response = await client.authorize({ redirect_uri: WITH_QUERY });
      expect([response.get('foo'), response.get('code')]).toEqual(['bar', expect.any(String)]);
    });

    it.each([
      ['oidcc-redirect-uri-query-mismatch', `${REDIRECT_URI}?foo=baz`],
      ['oidcc-redirect-uri-query-added', `${WITH_QUERY}&more=1`],
    ])('%s: is refused as a different redirect URI', async (_, redirect_uri) => {
      const page = await firstPage(client, { redirect_uri });
      expect([page.status, page.location]).toEqual([400, undefined]);
    });
  });

  it('oidcc-redirect-uri-regfrag: refuses a fragment at registration', async () => {
    const { status, body } = await register({ redirect_uris: [`${REDIRECT_URI}#fragment`] }, provider);
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
  });

  it.each(['logo_uri', 'policy_uri', 'tos_uri'])(
    'oidcc-registration-%s: is shown on the consent page',
    async (name) => {
      const address = `https://rp.example/${name}`;
      const client = await registered({ [name]: address });
      const signIn = await firstPage(client, { prompt: 'consent' });
      const consent = await signIn.submit('#login', { username: 'alice@example.com', password: 'alice-demo-password' });
      expect(consent.has('#allow')).toBe(true);
      const isShown = consent.has(`[href="${address}"]`) || consent.has(`[src="${address}"]`);
      expect(isShown).toBe(true);
    },
  );

  it('oidcc-registration-jwks-uri: accepts a key from this address', async () => {
    const key = await SuiteKey.generate();
    site.documents.set('/jwks', { keys: [key.publicJwk] });
    const client = await registered({ jwks_uri: `${site.origin}/jwks` });
    client.key = key;
    expect(await client.signIn()).toHaveProperty('id_token');
  });

  it('oidcc-refresh-token-rp-key-rotation: fetches a new key although the old keys are cached', async () => {
    const old = await SuiteKey.generate();
    site.documents.set('/rotating', { keys: [old.publicJwk] });
    const client = await registered({
      jwks_uri: `${site.origin}/rotating`,
      grant_types: ['authorization_code', 'refresh_token'],
    });
    client.key = old;
    const { refresh_token } = await client.signIn({ scope: 'openid offline_access', prompt: 'consent' });
    client.key = await SuiteKey.generate();
    site.documents.set('/rotating', { keys: [client.key.publicJwk] });
    expect((await client.token({ grant_type: 'refresh_token', refresh_token })).status).toBe(200);
  });

  it('oidcc-registration-sector-uri: accepts a document that lists every redirect URI', async () => {
    site.documents.set('/sector', [REDIRECT_URI]);
    const pairwise = { subject_type: 'pairwise', sector_identifier_uri: `${site.origin}/sector` };
    const client = await registered(pairwise);
    const { id_token } = await client.signIn();
    const sibling = await registered(pairwise);
    const [one, other] = [
      await client.idTokenClaims(id_token),
      await sibling.idTokenClaims((await sibling.signIn()).id_token),
    ];
    expect(one.payload.sub).toBe(other.payload.sub);
  });

  it('oidcc-registration-sector-bad: refuses a document that does not list a redirect URI', async () => {
    site.documents.set('/sector-bad', ['https://rp.example/other']);
    const metadata = { subject_type: 'pairwise', sector_identifier_uri: `${site.origin}/sector-bad` };
    const { status, body } = await register(metadata, provider);
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
  });

  it('oidcc-server-rotate-keys: publishes a new key and signs with it, and still publishes the old key', async () => {
    const client = await registered();
    const kidsOf = async () =>
      (await send(`${provider}/jwks`)).body.keys.filter(({ alg }) => alg === 'RS256').map(({ kid }) => kid);
    const before = await client.signIn();
    const [old] = await kidsOf();
    await runTrefoil(stack, 'key', 'rotate', '--algorithm', 'RS256', '--immediately', '--yes');
    let after = before;
    const kidOf = async (idToken: string) => (await client.idTokenClaims(idToken)).protectedHeader.kid;
    while ((await kidOf(after.id_token)) === old) after = await client.signIn();
    expect(await kidsOf()).toEqual(expect.arrayContaining([old, await kidOf(after.id_token)]));
    expect(await kidOf(before.id_token)).toBe(old);
  });

  it.each(['oidcc-request-uri-unsigned', 'oidcc-request-uri-signed-rs256'])(
    '%s: the metadata says that it is not supported (the suite skips it)',
    async () => {
      const { body } = await send(`${provider}/.well-known/openid-configuration`);
      expect(body.request_uri_parameter_supported).toBe(false);
    },
  );

  it('oidcc-ensure-request-object-with-redirect-uri: uses the redirect URI in the request object', async () => {
    const client = await registered();
    const claims = { response_type: 'code', redirect_uri: REDIRECT_URI, scope: 'openid', client_id: client.id };
    const request = await client.key.sign({ ...claims, iss: client.id, aud: provider, state: 'signed' });
    const page = await firstPage(client, { request, redirect_uri: 'https://rp.example/not-registered' });
    const response = (await signInAndConsent(page)).location;
    expect(response?.href.startsWith(REDIRECT_URI)).toBe(true);
    expect(response?.searchParams.get('state')).toBe('signed');
  });

  it('oidcc-ensure-client-assertion-with-iss-aud-succeeds', async () => {
    const client = await registered();
    const response = await client.authorize();
    expect((await client.redeem(response)).status).toBe(200);
  });
});

/** The module of `oidcc-config-certification-test-plan`. The other plans check that the metadata is true. */
describe('the plan Config OP', () => {
  it('oidcc-discovery-endpoint-verification', async () => {
    const { status, headers, body } = await send(`${provider}/.well-known/openid-configuration`);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')]);
    expect(body).toMatchObject({
      issuer: provider,
      response_types_supported: ['code'],
      subject_types_supported: expect.arrayContaining(['public', 'pairwise']),
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
      scopes_supported: expect.arrayContaining(['openid']),
      claims_supported: expect.arrayContaining(['sub', 'name', 'email']),
      claims_parameter_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      end_session_endpoint: expect.any(String),
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    });
    const endpoints = Object.entries(body).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(endpoints.length).toBeGreaterThan(7);
    for (const [, address] of endpoints) expect(String(address).startsWith(`${provider}/`)).toBe(true);
    const { keys } = (await send(body.jwks_uri)).body;
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) expect(Object.keys(key).filter((name) => ['d', 'p', 'q', 'k'].includes(name))).toEqual([]);
  });
});

/** The module of `oidcc-backchannel-rp-initiated-logout-certification-test-plan`. */
describe('the plan Back-Channel Logout OP', () => {
  it('oidcc-backchannel-rp-initiated-logout: posts a logout token of the session in a form', async () => {
    const client = await registered({
      backchannel_logout_uri: `${site.origin}/logout`,
      backchannel_logout_session_required: true,
      post_logout_redirect_uris: ['https://rp.example/bye'],
    });
    const browser = newBrowser();
    const { id_token } = await client.signIn({}, browser);
    const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: 'https://rp.example/bye' });
    const page = await browser.open(`${provider}/end-session?${query.toString()}`);
    expect(page.location?.href).toBe('https://rp.example/bye');

    while (site.posted.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const { path, form } = site.posted[0] ?? { form: new URLSearchParams() };
    expect([path, [...form.keys()]]).toEqual(['/logout', ['logout_token']]);
    const { payload, protectedHeader } = await client.signedClaims(form.get('logout_token') ?? '');
    const { payload: before } = await client.idTokenClaims(id_token);
    expect(protectedHeader.typ).toBe('logout+jwt');
    expect(payload).toMatchObject({
      sub: before.sub,
      sid: before.sid,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload).not.toHaveProperty('nonce');
  });
});

/**
 * The modules of `oidcc-3rdparty-init-login-certification-test-plan`. The tests of the frontend check the client side.
 */
describe('the plan 3rd-Party-Initiated Login OP', () => {
  it('oidcc-3rd_party-init-login: initiate_login_uri is registered, and returned by the registration endpoint', async () => {
    const initiate_login_uri = 'https://rp.example/login';
    const { information } = await registered({ initiate_login_uri });
    expect(information.initiate_login_uri).toBe(initiate_login_uri);
    const authorization = `Bearer ${information.registration_access_token ?? ''}`;
    const read = await send(information.registration_client_uri ?? '', { headers: { authorization } });
    expect(read).toMatchObject({ status: 200, body: { initiate_login_uri } });
  });

  it('oidcc-3rd_party-init-login-nohttps: refuses an initiate_login_uri without https', async () => {
    const { status, body } = await register({ initiate_login_uri: 'http://rp.example/login' }, provider);
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
  });
});
