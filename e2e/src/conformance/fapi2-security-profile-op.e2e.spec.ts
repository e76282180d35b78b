import { DpopKey, signInAndConsent } from '@trefoil/testing';
import { FapiClient } from './fapi-client.js';
import { issuer, newBrowser, send, SuiteKey } from './suite-client.js';

const now = () => Math.floor(Date.now() / 1000);

let fapi: FapiClient;

beforeAll(async () => {
  fapi = await FapiClient.register();
});

const pushed = async (overrides: Parameters<FapiClient['parameters']>[0] = {}) => fapi.push(fapi.parameters(overrides));
const refused = (error: string) =>
  expect.objectContaining({ status: expect.any(Number), body: expect.objectContaining({ error }) });

/**
 * The modules of `fapi2-security-profile-final-test-plan` with private_key_jwt and DPoP, except those that need client
 * certificates.
 */
describe('the plan FAPI 2.0 Security Profile Final', () => {
  it('discovery-end-point-verification', async () => {
    const { body } = await send(`${issuer()}/.well-known/openid-configuration`);
    expect(body).toMatchObject({
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256']),
      pushed_authorization_request_endpoint: `${issuer()}/par`,
      token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']),
      token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256', 'EdDSA']),
    });
  });

  it('happy-flow: a pushed request, a code, a bound token and userinfo', async () => {
    const { status, body } = await fapi.redeem(await fapi.authorize());
    expect([status, body.token_type]).toEqual([200, 'DPoP']);
    expect((await fapi.client.idTokenClaims(body.id_token)).protectedHeader.alg).toBe('PS256');
    expect((await fapi.userinfo(body.access_token)).body.sub).toEqual(expect.any(String));
  });

  it('user-rejects-authentication: returns access_denied with state and iss', async () => {
    const other = await FapiClient.register();
    const { body } = await other.push(other.parameters({ state: 'the-state', prompt: 'consent' }));
    const login = await newBrowser().open(other.authorizationUrl(body.request_uri));
    const consent = await login.submit('#login', { username: 'alice@example.com', password: 'alice-demo-password' });
    const answer = (await consent.submit('#deny')).location?.searchParams ?? new URLSearchParams();
    expect(Object.fromEntries(answer)).toMatchObject({ error: 'access_denied', state: 'the-state', iss: issuer() });
  });

  it('access-token-type-header-case-sensitivity: the scheme is case-insensitive (RFC 9110 §11.1)', async () => {
    const { body } = await fapi.redeem(await fapi.authorize());
    for (const scheme of ['dpop', 'DPOP']) expect((await fapi.userinfo(body.access_token, scheme)).status).toBe(200);
  });

  describe('an authorization request', () => {
    it.each([
      ['without-state', { state: undefined }],
      ['without-nonce', { nonce: undefined }],
      ['with-64-char-nonce', { nonce: 'n'.repeat(64) }],
      ['with-long-nonce', { nonce: 'n'.repeat(384) }],
      ['with-long-state', { state: 's'.repeat(384) }],
      ['other-scope-order', { scope: 'email openid' }],
      ['claims-parameter-identity-claims', { claims: JSON.stringify({ id_token: { email: { essential: true } } }) }],
    ])('%s succeeds', async (_, overrides: Record<string, string | undefined>) => {
      const response = await fapi.authorize(overrides);
      if ('state' in overrides) expect(response.get('state') ?? undefined).toBe(overrides.state);
      const { body } = await fapi.redeem(response);
      const { payload } = await fapi.client.idTokenClaims(body.id_token);
      if ('nonce' in overrides) expect(payload.nonce).toBe(overrides.nonce);
      if ('claims' in overrides) expect(payload.email).toBe('alice@example.com');
      // The module warns of claims that nobody asked for. This client accepts no logout tokens, so it has no use for `sid`.
      expect(payload).not.toHaveProperty('sid');
    });

    it.each([
      ['response-type-code-id-token', { response_type: 'code id_token' }, 'unsupported_response_type'],
      ['response-type-token', { response_type: 'token' }, 'unsupported_response_type'],
      ['without-redirect-uri', { redirect_uri: undefined }, 'invalid_request'],
      ['unregistered-redirect-uri', { redirect_uri: 'https://rp.example/other' }, 'invalid_request'],
      ['par-ensure-pkce-required', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
      ['par-plain-pkce-rejected', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['par-request-uri-in-form', { request_uri: 'urn:ietf:params:oauth:request_uri:abc' }, 'invalid_request'],
    ])('%s fails', async (_, overrides, error) => {
      expect(await pushed(overrides)).toEqual(refused(error));
    });

    it('without-using-par fails', async () => {
      const url = new URL(`${issuer()}/authorize?${new URLSearchParams(fapi.parameters()).toString()}`);
      const page = await newBrowser().open(url);
      expect(page.location?.searchParams.get('error')).toBe('invalid_request');
    });

    it('par-without-duplicate-parameters: client_id and request_uri alone are enough', async () => {
      expect((await fapi.authorize()).get('code')).toEqual(expect.any(String));
    });
  });

  describe('a pushed request', () => {
    it('par-reused-request-uri-before-authentication-completion: is accepted', async () => {
      const url = fapi.authorizationUrl((await pushed()).body.request_uri);
      await newBrowser().open(url);
      const page = await signInAndConsent(await newBrowser().open(url));
      expect(page.location?.searchParams.get('code')).toEqual(expect.any(String));
    });

    it('par-attempt-reuse-request-uri: is refused after the authorization', async () => {
      const url = fapi.authorizationUrl((await pushed()).body.request_uri);
      await signInAndConsent(await newBrowser().open(url));
      const again = await newBrowser().open(url);
      expect([again.status, again.location]).toEqual([400, undefined]);
    });

    it('par-ensure-request-uri-is-bound-to-client', async () => {
      const other = await FapiClient.register();
      const page = await newBrowser().open(other.authorizationUrl((await pushed()).body.request_uri));
      expect([page.status, page.location]).toEqual([400, undefined]);
    });

    it('par-reject-invalid-http-verb', async () => {
      expect((await send(`${issuer()}/par`, { method: 'PUT' })).status).toBeGreaterThanOrEqual(400);
      expect((await send(`${issuer()}/par?${new URLSearchParams(fapi.parameters()).toString()}`)).status).toBe(405);
    });
  });

  describe('a client assertion', () => {
    it.each([
      ['aud-par-endpoint', () => ({ aud: `${issuer()}/par` })],
      ['aud-par-endpoint-as-array', () => ({ aud: [issuer(), `${issuer()}/par`] })],
      ['aud-token-endpoint', () => ({ aud: `${issuer()}/token` })],
      ['wrong-aud', () => ({ aud: 'https://other.example' })],
      ['no-sub', () => ({ sub: undefined })],
      ['exp-is-5-minutes-in-past', () => ({ iat: now() - 600, exp: now() - 300 })],
      ['iat-nbf-over-60-seconds-in-the-future', () => ({ iat: now() + 61, nbf: now() + 61, exp: now() + 120 })],
    ])('%s fails at par and at the token endpoint', async (_, claims) => {
      const assertion = () => fapi.client.assertion(claims());
      expect(await fapi.push(fapi.parameters(), { assertion: await assertion() })).toEqual(refused('invalid_client'));
      const response = await fapi.authorize();
      expect(await fapi.redeem(response, { assertion: await assertion() })).toEqual(refused('invalid_client'));
    });

    it('with-iat-nbf-8-seconds-in-the-future-is-accepted', async () => {
      const assertion = await fapi.client.assertion({ iat: now() + 8, nbf: now() + 8 });
      expect((await fapi.push(fapi.parameters(), { assertion })).status).toBe(201);
    });

    it('signed-with-RS256-fails', async () => {
      const rsa = await SuiteKey.generate('RS256');
      const byRsa = await FapiClient.register({ jwks: { keys: [rsa.publicJwk] } });
      byRsa.client.key = rsa;
      expect(await byRsa.push(byRsa.parameters())).toEqual(refused('invalid_client'));
    });

    it('ensure-client-assertion-in-token-endpoint: refuses a client that only sends its client_id', async () => {
      const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id: fapi.client.id });
      expect(await send(`${issuer()}/token`, { method: 'POST', body })).toEqual(refused('invalid_client'));
    });
  });

  describe('the token endpoint', () => {
    it('ensure-holder-of-key-required: refuses a request without a proof', async () => {
      expect(await fapi.redeem(await fapi.authorize(), { proof: null })).toEqual(refused('invalid_dpop_proof'));
    });

    it('ensure-authorization-code-is-bound-to-client', async () => {
      const response = await fapi.authorize();
      expect(await (await FapiClient.register()).redeem(response)).toEqual(refused('invalid_grant'));
    });

    it('attempt-reuse-authorization-code-after-one-second: refuses the code, and revokes the token', async () => {
      const response = await fapi.authorize();
      const { body } = await fapi.redeem(response);
      expect(await fapi.redeem(response)).toEqual(refused('invalid_grant'));
      expect((await fapi.userinfo(body.access_token)).status).toBe(401);
    });

    it.each([
      ['par-ensure-pkce-code-verifier-required', { code_verifier: undefined }],
      ['par-incorrect-pkce-code-verifier-rejected', { code_verifier: 'x'.repeat(43) }],
    ])('%s', async (_, overrides) => {
      const { status, body } = await fapi.redeem(await fapi.authorize(), {}, overrides);
      expect([status, ['invalid_grant', 'invalid_request']]).toEqual([400, expect.arrayContaining([body.error])]);
    });

    it('refresh-token: is not rotated, and returns a token that is bound to the key', async () => {
      const refreshing = await FapiClient.register({ grant_types: ['authorization_code', 'refresh_token'] });
      const response = await refreshing.authorize({ scope: 'openid offline_access', prompt: 'consent' });
      const { refresh_token } = (await refreshing.redeem(response)).body;
      const { status, body } = await refreshing.token({ grant_type: 'refresh_token', refresh_token });
      expect([status, body.token_type, body.refresh_token]).toEqual([200, 'DPoP', refresh_token]);
      expect((await refreshing.userinfo(body.access_token)).status).toBe(200);
    });
  });

  describe('a DPoP proof', () => {
    const url = () => `${issuer()}/token`;

    it.each([
      ['check-dpop-proof-nbf-exp', () => ({ nbf: now() - 10, exp: now() + 300 })],
      ['iat-10-seconds-before', () => ({ iat: now() - 10 })],
      ['iat-10-seconds-after', () => ({ iat: now() + 10 })],
    ])('%s succeeds', async (_, claims) => {
      const proof = await fapi.dpop.proof({ url: url(), claims: claims() });
      expect((await fapi.redeem(await fapi.authorize(), { proof })).status).toBe(200);
    });

    it.each([
      ['with another method', { method: 'GET' }],
      ['for another address', { url: 'https://other.example/token' }],
      ['without jti', { claims: { jti: undefined } }],
      ['without iat', { claims: { iat: undefined } }],
      ['with an old iat', { claims: { iat: 0 } }],
      ['of another type', { header: { typ: 'jwt' } }],
      ['without the public key', { header: { jwk: undefined } }],
    ])('dpop-negative-tests: %s fails', async (_, changes) => {
      const proof = await fapi.dpop.proof({ url: url(), ...changes });
      expect(await fapi.redeem(await fapi.authorize(), { proof })).toEqual(refused('invalid_dpop_proof'));
    });

    it('dpop-negative-tests: with the private key in the header fails', async () => {
      const proof = await fapi.dpop.proof({ url: url(), header: { jwk: fapi.dpop.privateJwk } });
      expect(await fapi.redeem(await fapi.authorize(), { proof })).toEqual(refused('invalid_dpop_proof'));
    });

    it('dpop-negative-tests: used a second time fails', async () => {
      const proof = await fapi.dpop.proof({ url: url() });
      expect((await fapi.redeem(await fapi.authorize(), { proof })).status).toBe(200);
      expect(await fapi.redeem(await fapi.authorize(), { proof })).toEqual(refused('invalid_dpop_proof'));
    });

    it('ensure-dpop-auth-code-binding-success, and -mismatched-dpop-jkt fails', async () => {
      expect((await fapi.redeem(await fapi.authorize({ dpop_jkt: fapi.dpop.jkt }))).status).toBe(200);
      const other = await DpopKey.generate();
      expect((await fapi.redeem(await fapi.authorize({ dpop_jkt: other.jkt }))).status).toBe(400);
    });

    it('ensure-dpop-proof-at-par-endpoint-binding-success, and mismatched at the token endpoint fails', async () => {
      const atPar = async () => ({ dpop: await fapi.dpop.proof({ url: `${issuer()}/par` }) });
      expect((await fapi.redeem(await fapi.authorize({}, await atPar()))).status).toBe(200);
      const other = await DpopKey.generate();
      expect((await fapi.redeem(await fapi.authorize({}, await atPar()), { dpop: other })).status).toBe(400);
    });

    it('ensure-mismatched-dpop-jkt at par fails: the proof and dpop_jkt name different keys', async () => {
      const headers = { dpop: await fapi.dpop.proof({ url: `${issuer()}/par` }) };
      const { jkt } = await DpopKey.generate();
      expect((await fapi.push(fapi.parameters({ dpop_jkt: jkt }), { headers })).status).toBe(400);
    });
  });
});
