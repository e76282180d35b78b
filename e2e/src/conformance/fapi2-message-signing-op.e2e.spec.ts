import { signInAndConsent } from '@trefoil/testing';
import { FapiClient } from './fapi-client.js';
import { issuer, newBrowser, send, SuiteKey } from './suite-client.js';

const now = () => Math.floor(Date.now() / 1000);

let fapi: FapiClient;

beforeAll(async () => {
  fapi = await FapiClient.register({
    request_object_signing_alg: 'ES256',
    authorization_signed_response_alg: 'PS256',
    introspection_signed_response_alg: 'PS256',
  });
});

const pushSigned = async (claims: Record<string, unknown> = {}, header: object = {}) => {
  const request = await fapi.sign(fapi.parameters({ response_mode: 'jwt' }), claims, header);
  return fapi.push({ client_id: fapi.client.id, request });
};
const refused = expect.objectContaining({
  status: 400,
  body: expect.objectContaining({ error: 'invalid_request_object' }),
});

/**
 * The modules that `fapi2-message-signing-final-test-plan` adds to the security profile, with signed requests and JARM.
 */
describe('the plan FAPI 2.0 Message Signing Final', () => {
  it('happy-flow: accepts a signed request, and returns a signed response with a valid code', async () => {
    const { status, body } = await pushSigned({ state: 'the-state' });
    expect(status).toBe(201);
    const page = await signInAndConsent(await newBrowser().open(fapi.authorizationUrl(body.request_uri)));
    expect([...(page.location?.searchParams.keys() ?? [])]).toEqual(['response']);
    const { payload, protectedHeader } = await fapi.client.signedClaims(
      page.location?.searchParams.get('response') ?? '',
    );
    expect(protectedHeader.alg).toBe('PS256');
    expect(payload).toMatchObject({ iss: issuer(), aud: fapi.client.id, state: 'the-state', exp: expect.any(Number) });
    const tokens = await fapi.redeem(new URLSearchParams({ code: String(payload.code) }));
    expect([tokens.status, tokens.body.token_type]).toEqual([200, 'DPoP']);
  });

  it.each([
    ['request-object-with-multiple-aud', () => ({ aud: ['https://other.example', issuer()] })],
    ['request-object-with-nbf-8-seconds-in-the-future', () => ({ nbf: now() + 8 })],
  ])('%s is accepted', async (_, claims) => {
    expect((await pushSigned(claims())).status).toBe(201);
  });

  it.each([
    ['without-exp', () => ({ exp: undefined })],
    ['without-nbf', () => ({ nbf: undefined })],
    ['expired', () => ({ nbf: now() - 600, exp: now() - 300 })],
    ['with-bad-aud', () => ({ aud: 'https://other.example' })],
    ['with-exp-over-60', () => ({ exp: now() + 4200 })],
    ['with-nbf-over-60', () => ({ nbf: now() - 4200 })],
  ])('ensure-request-object-%s-fails', async (_, claims) => {
    expect(await pushSigned(claims())).toEqual(refused);
  });

  it('ensure-request-object-without-redirect-uri-fails', async () => {
    expect((await pushSigned({ redirect_uri: undefined })).body.error).toBe('invalid_request');
  });

  it('ensure-signed-request-object-with-RS256-fails', async () => {
    const rsa = await SuiteKey.generate('RS256');
    const byRsa = await FapiClient.register({ jwks: { keys: [fapi.client.key.publicJwk, rsa.publicJwk] } });
    const own = byRsa.client.key;
    byRsa.client.key = rsa;
    const request = await byRsa.sign(byRsa.parameters());
    byRsa.client.key = fapi.client.key;
    expect(await byRsa.push({ client_id: byRsa.client.id, request })).toEqual(refused);
    byRsa.client.key = own;
  });

  it('ensure-request-object-signature-algorithm-is-not-none', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { ...fapi.parameters(), iss: fapi.client.id, aud: issuer(), nbf: now(), exp: now() + 60 };
    const request = `${part({ alg: 'none' })}.${part(claims)}.`;
    expect(await fapi.push({ client_id: fapi.client.id, request })).toEqual(refused);
  });

  it('ensure-request-object-with-invalid-signature-fails, also when another client signed it', async () => {
    const other = await FapiClient.register();
    const request = await other.sign(fapi.parameters(), { iss: fapi.client.id });
    expect(await fapi.push({ client_id: fapi.client.id, request })).toEqual(refused);
  });

  it('par-reject-request-uri-in-par-authorization-request', async () => {
    expect((await pushSigned({ request_uri: 'urn:ietf:params:oauth:request_uri:abc' })).status).toBe(400);
  });

  it('state-only-outside-request-object-not-used', async () => {
    const request = await fapi.sign(fapi.parameters({ state: undefined, response_mode: 'jwt' }));
    const { body } = await fapi.push({ client_id: fapi.client.id, request, state: 'outside' });
    const page = await signInAndConsent(await newBrowser().open(fapi.authorizationUrl(body.request_uri)));
    const { payload } = await fapi.client.signedClaims(page.location?.searchParams.get('response') ?? '');
    expect(payload).not.toHaveProperty('state');
  });

  it('user-rejects-authentication: signs the error response', async () => {
    const request = await fapi.sign(fapi.parameters({ response_mode: 'jwt', prompt: 'none' }));
    const { body } = await fapi.push({ client_id: fapi.client.id, request });
    const page = await newBrowser().open(fapi.authorizationUrl(body.request_uri));
    const { payload } = await fapi.client.signedClaims(page.location?.searchParams.get('response') ?? '');
    expect(payload).toMatchObject({ error: 'login_required', iss: issuer() });
  });

  it('the metadata lists the algorithms and response modes', async () => {
    const { body } = await send(`${issuer()}/.well-known/openid-configuration`);
    expect(body).toMatchObject({
      request_object_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256']),
      authorization_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256']),
      response_modes_supported: expect.arrayContaining(['jwt', 'query.jwt']),
    });
  });
});
