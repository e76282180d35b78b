import { demoUsers, RelyingParty, stackCertificates, stackUrls } from '@trefoil/testing';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { register, REDIRECT_URI } from '../conformance/suite-client.js';
import { asApp, fetchAs, fetchWithoutCertificate } from './app-certificate.js';

const accountUrls = () =>
  [stackCertificates().mtlsUrls.provider, stackUrls().provider].map((url) => `${url}/api/account`);

const byCertificate = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'frontend' };
const byKey = { token_endpoint_auth_method: 'private_key_jwt' };
const certificateBound = { tls_client_certificate_bound_access_tokens: true };
const dpopBound = { dpop_bound_access_tokens: true };

/** Registers a client with the profile `fapi2`, and makes openid-client this client with the certificate of the frontend. */
async function fapiClient(metadata: Record<string, unknown>): Promise<RelyingParty> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'assertions', alg: 'ES256', use: 'sig' }] };
  const { body, status, text } = await register({
    security_profile: 'fapi2',
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
    scope: 'openid offline_access account:read',
    ...('tls_client_auth_san_dns' in metadata ? {} : { jwks: keys }),
    ...metadata,
  });
  if (status !== 201) throw new Error(`The provider refused the registration: ${text}`);
  return RelyingParty.discover({
    issuer: stackUrls().provider,
    ...asApp(stackCertificates(), 'frontend'),
    clientId: body.client_id,
    redirectUri: REDIRECT_URI,
    ...(metadata.token_endpoint_auth_method === 'private_key_jwt' && {
      tlsAuthentication: false,
      privateKey: { key: privateKey, kid: 'assertions' },
    }),
    dpop: 'dpop_bound_access_tokens' in metadata,
  });
}

/** Pushes a request, signs alice in, refreshes, and returns the new access token with its type. */
async function tokenOf(client: RelyingParty): Promise<{ type: string; token: string; confirmation: unknown }> {
  const parameters = { resource: `${stackUrls().provider}/api`, prompt: 'consent' };
  const scope = 'openid offline_access account:read';
  const tokens = await client.signIn({ ...demoUsers.alice, scope, parameters, pushed: true });
  const { access_token: token, token_type: type } = await client.refresh(tokens);
  return { type, token, confirmation: decodeJwt(token).cnf };
}

describe('openid-client with the profile fapi2 signs in, refreshes and calls an API', () => {
  it.each([
    ['mTLS and mTLS', { ...byCertificate, ...certificateBound }],
    ['private_key_jwt and mTLS', { ...byKey, ...certificateBound }],
  ])('with %s, and nobody else can use its token (FAPI 2.0 §5.3.2.1, RFC 8705 §3)', async (_, metadata) => {
    const { type, token, confirmation } = await tokenOf(await fapiClient(metadata));
    expect([type, confirmation]).toEqual(['bearer', { 'x5t#S256': expect.any(String) }]);
    const [mtlsUrl = '', plainUrl = ''] = accountUrls();
    const read = async (by: typeof fetch, url: string) =>
      (await by(url, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await read(fetchAs(stackCertificates(), 'frontend'), mtlsUrl)).toBe(200);
    expect(await read(fetchAs(stackCertificates(), 'backend'), mtlsUrl)).toBe(401);
    expect(await read(fetchWithoutCertificate(stackCertificates()), mtlsUrl)).toBe(401);
    expect(await read(fetch, plainUrl)).toBe(401);
  });

  it.each([
    ['mTLS and DPoP', { ...byCertificate, ...dpopBound }],
    ['private_key_jwt and DPoP', { ...byKey, ...dpopBound }],
  ])('with %s, and nobody else can use its token (FAPI 2.0 §5.3.2.1, RFC 9449 §7.1)', async (_, metadata) => {
    const client = await fapiClient(metadata);
    const { type, token, confirmation } = await tokenOf(client);
    expect([type, confirmation]).toEqual(['dpop', { jkt: expect.any(String) }]);
    const [mtlsUrl = '', plainUrl = ''] = accountUrls();
    for (const url of [mtlsUrl, plainUrl]) expect((await client.callResource(token, url)).status).toBe(200);
    for (const scheme of ['Bearer', 'DPoP']) {
      const headers = { authorization: `${scheme} ${token}` };
      expect((await fetchAs(stackCertificates(), 'frontend')(mtlsUrl, { headers })).status).toBe(401);
    }
  });
});
