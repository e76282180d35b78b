import { signInAndConsent } from '@trefoil/testing';
import { newBrowser, issuer, REDIRECT_URI, register, send, SuiteClient, userinfo } from './suite-client.js';

let client: SuiteClient;

beforeAll(async () => {
  client = await SuiteClient.register({ grant_types: ['authorization_code', 'refresh_token'] });
});

const SCOPED_CLAIMS = {
  profile: ['name', 'given_name', 'family_name', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
};

/**
 * The modules of `oidcc-basic-certification-test-plan`. Each test has the name of its module, and says what it checks.
 */
describe('the plan Basic OP', () => {
  it('oidcc-server: the code flow, the ID token, and userinfo with the same subject', async () => {
    const state = 'the-state';
    const nonce = 'the-nonce';
    const response = await client.authorize({ state, nonce });
    expect(Object.fromEntries(response)).toEqual({ code: expect.any(String), state, iss: issuer() });
    const { status, headers, body } = await client.redeem(response);
    expect([status, headers.get('cache-control'), body.token_type]).toEqual([200, 'no-store', 'Bearer']);
    const { payload, protectedHeader } = await client.idTokenClaims(body.id_token);
    expect(payload).toMatchObject({ nonce, aud: client.id, at_hash: expect.any(String) });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
    expect((await userinfo(body.access_token)).body.sub).toBe(payload.sub);
  });

  it('oidcc-response-type-missing: the client gets an error', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ response_type: undefined }));
    expect(page.location?.searchParams.get('error')).toBe('invalid_request');
  });

  it('oidcc-idtoken-signature and -kid: the header names the one published key that verifies the signature', async () => {
    const { id_token } = await client.signIn();
    const { protectedHeader } = await client.idTokenClaims(id_token);
    const { body } = await send(`${issuer()}/jwks`);
    const named = body.keys.filter(({ kid }) => kid === protectedHeader.kid);
    expect(named).toMatchObject([{ kty: 'RSA', use: 'sig', alg: 'RS256' }]);
  });

  it.each([
    ['oidcc-userinfo-get', 'header', 'GET'],
    ['oidcc-userinfo-post-header', 'header', 'POST'],
    ['oidcc-userinfo-post-body', 'body', 'POST'],
  ])('%s: accepts the token in the %s', async (_, where, method) => {
    const { access_token } = await client.signIn();
    const inBody = { method, body: new URLSearchParams({ access_token }) };
    const answer =
      where === 'body' ? await send(`${issuer()}/userinfo`, inBody) : await userinfo(access_token, { method });
    expect([answer.status, answer.body.sub]).toEqual([200, expect.any(String)]);
  });

  it('oidcc-idtoken-unsigned: is refused at registration', async () => {
    const metadata = { id_token_signed_response_alg: 'none' };
    expect((await register(metadata)).body.error).toBe('invalid_client_metadata');
  });

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const { id_token } = await client.signIn({ nonce: undefined });
    expect((await client.idTokenClaims(id_token)).payload.nonce).toBeUndefined();
  });

  it.each(Object.entries(SCOPED_CLAIMS))(
    'oidcc-scope-%s: returns the claims of the scope with their JSON types',
    async (scope, claims) => {
      const { access_token } = await client.signIn({ scope: `openid ${scope}` });
      const { body } = await userinfo(access_token);
      expect(Object.keys(body)).toEqual(expect.arrayContaining(claims));
      const others = Object.entries(SCOPED_CLAIMS).flatMap(([other, names]) => (other === scope ? [] : names));
      expect(others.filter((name) => name in body)).toEqual([]);
      for (const [name, value] of Object.entries(body)) {
        expect([name, typeof value]).toEqual([name, TYPES[name] ?? 'string']);
      }
    },
  );

  it.each([
    ['oidcc-scope-all', 'openid profile email address phone'],
    ['oidcc-ensure-other-scope-order-succeeds', 'phone email openid profile address'],
  ])('%s', async (_, scope) => {
    const { access_token } = await client.signIn({ scope });
    const { body } = await userinfo(access_token);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(Object.values(SCOPED_CLAIMS).flat()));
  });

  it.each(['page', 'popup', 'touch', 'wap'])('oidcc-display-%s', async (display) => {
    expect((await client.authorize({ display })).get('code')).not.toBeNull();
  });

  it('oidcc-prompt-login: asks a signed-in user to sign in again, and updates auth_time', async () => {
    const browser = newBrowser();
    const before = await client.idTokenClaims((await client.signIn({ max_age: '15000' }, browser)).id_token);
    const page = await browser.open(client.authorizationUrl({ prompt: 'login' }));
    expect(page.has('#login')).toBe(true);
    const after = (await signInAndConsent(page)).location?.searchParams ?? new URLSearchParams();
    const { payload } = await client.idTokenClaims((await client.redeem(after)).body.id_token);
    expect(payload.sub).toBe(before.payload.sub);
    expect(Number(payload.auth_time)).toBeGreaterThanOrEqual(Number(before.payload.auth_time));
  });

  it('oidcc-prompt-none-not-logged-in: returns an error without a page', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ prompt: 'none', state: 'x' }));
    expect(page.location?.origin).toBe(new URL(REDIRECT_URI).origin);
    expect(Object.fromEntries(page.location?.searchParams ?? [])).toMatchObject({
      error: 'login_required',
      state: 'x',
    });
  });

  it('oidcc-prompt-none-logged-in: returns the same user and auth_time without a page', async () => {
    const browser = newBrowser();
    const before = await client.idTokenClaims((await client.signIn({ max_age: '15000' }, browser)).id_token);
    const page = await browser.open(client.authorizationUrl({ prompt: 'none', max_age: '15000' }));
    expect(page.has('form')).toBe(false);
    const response = page.location?.searchParams ?? new URLSearchParams();
    const after = await client.idTokenClaims((await client.redeem(response)).body.id_token);
    expect([after.payload.sub, after.payload.auth_time]).toEqual([before.payload.sub, before.payload.auth_time]);
  });

  it('oidcc-max-age-1: asks to sign in again when the sign-in is older, and updates auth_time', async () => {
    const browser = newBrowser();
    const before = await client.idTokenClaims((await client.signIn({ max_age: '15000' }, browser)).id_token);
    // The suite waits for a second. A maximum age of 0 is exceeded at once.
    const page = await browser.open(client.authorizationUrl({ max_age: '0' }));
    expect(page.has('#login')).toBe(true);
    const response = (await signInAndConsent(page)).location?.searchParams ?? new URLSearchParams();
    const { payload } = await client.idTokenClaims((await client.redeem(response)).body.id_token);
    expect(Number(payload.auth_time)).toBeGreaterThanOrEqual(Number(before.payload.auth_time));
  });

  it('oidcc-max-age-10000: shows no page after a recent sign-in, and returns auth_time', async () => {
    const browser = newBrowser();
    const before = await client.idTokenClaims((await client.signIn({ max_age: '10000' }, browser)).id_token);
    const page = await browser.open(client.authorizationUrl({ max_age: '10000' }));
    const response = page.location?.searchParams ?? new URLSearchParams();
    const { payload } = await client.idTokenClaims((await client.redeem(response)).body.id_token);
    expect(payload.auth_time).toBe(before.payload.auth_time);
  });

  it('oidcc-id-token-hint: signs in the user of the hint without a page', async () => {
    const browser = newBrowser();
    const { id_token } = await client.signIn({}, browser);
    const page = await browser.open(client.authorizationUrl({ prompt: 'none', id_token_hint: id_token }));
    expect(page.location?.searchParams.get('code')).not.toBeNull();
  });

  it('oidcc-login-hint: fills in the username', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ login_hint: 'bob@example.com' }));
    expect(page.form('#login').submission().body).toContain('username=bob%40example.com');
  });

  it.each([
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-ui-locales', { ui_locales: 'se fr-CA' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
  ])('%s', async (_, parameters) => {
    expect((await client.authorize(parameters)).get('code')).not.toBeNull();
  });

  it('oidcc-codereuse and -30seconds: refuses the code, and revokes the access token', async () => {
    const response = await client.authorize();
    const { body } = await client.redeem(response);
    expect((await userinfo(body.access_token)).status).toBe(200);
    expect(await client.redeem(response)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await userinfo(body.access_token)).status).toBe(401);
  });

  it('oidcc-ensure-registered-redirect-uri: shows an error page and does not redirect', async () => {
    const page = await newBrowser().open(client.authorizationUrl({ redirect_uri: 'https://rp.example/other' }));
    expect([page.status, page.location]).toEqual([400, undefined]);
  });

  it('oidcc-ensure-post-request-succeeds', async () => {
    const url = client.authorizationUrl();
    const page = await newBrowser().post(`${issuer()}/authorize`, Object.fromEntries(url.searchParams));
    expect((await signInAndConsent(page)).location?.searchParams.get('code')).not.toBeNull();
  });

  it('oidcc-server-client-secret-post', async () => {
    const posting = await SuiteClient.register({ token_endpoint_auth_method: 'client_secret_post' });
    expect(await posting.signIn()).toHaveProperty('id_token');
  });

  it.each([
    ['oidcc-request-uri-unsigned', { request_uri: 'https://rp.example/request' }, 'request_uri_not_supported'],
    ['oidcc-unsigned-request-object', { request: unsigned({ scope: 'openid' }) }, 'invalid_request_object'],
  ])('%s-supported-correctly-or-rejected-as-unsupported', async (_, parameters, error) => {
    const page = await newBrowser().open(client.authorizationUrl(parameters));
    expect(page.location?.searchParams.get('error')).toBe(error);
  });

  it('oidcc-claims-essential: returns the claim in userinfo', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { access_token } = await client.signIn({ claims });
    expect((await userinfo(access_token)).body.name).toEqual(expect.any(String));
  });

  it('oidcc-refresh-token: keeps the subject, and refuses another client', async () => {
    const first = await client.signIn({ scope: 'openid offline_access', prompt: 'consent' });
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const other = await SuiteClient.register({ grant_types: ['authorization_code', 'refresh_token'] });
    expect((await other.token(refresh)).body.error).toBe('invalid_grant');
    const { status, body } = await client.token(refresh);
    expect([status, body.access_token]).toEqual([200, expect.not.stringMatching(first.access_token)]);
    const [before, after] = await Promise.all([first, body].map(({ id_token }) => client.idTokenClaims(id_token)));
    expect([after?.payload.sub, after?.payload.auth_time]).toEqual([before?.payload.sub, before?.payload.auth_time]);
  });

  it('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    // The example in RFC 7636 Appendix B.
    const code_challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    const response = await client.authorize({ code_challenge, code_challenge_method: 'S256' });
    const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect((await client.redeem(response, { code_verifier })).status).toBe(200);
  });
});

const TYPES: Record<string, string> = {
  updated_at: 'number',
  email_verified: 'boolean',
  phone_number_verified: 'boolean',
  address: 'object',
};

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
