import { Authority, type KeyPair } from '@trefoil/pki';
import {
  certificateFetch,
  type ClientTlsOptions,
  ResourceClient,
  ServiceClient,
  type ServiceClientOptions,
  TokenRequestRefused,
} from '@trefoil/service-client';
import { demoUsers, DpopKey, RelyingParty, testDatabase } from '@trefoil/testing';
import { exportJWK } from 'jose';
import { createHash, X509Certificate } from 'node:crypto';
import { Clients } from '../clients/clients.js';
import { Grant } from '../grants/grant.entity.js';
import { type MutualTlsProvider, startMutualTlsProvider } from '../testing/mutual-tls.js';
import { type ClientOptions, givenClient, type TestClient } from '../testing/test-clients.js';
import { BACKEND, givenGrant, payloadOf, post } from '../testing/token-requests.js';

const ALICE = { ...demoUsers.alice, scope: 'openid email account:read offline_access' };
const BY_CERTIFICATE: ClientOptions = { method: 'tls_client_auth', tlsClientAuthSanDns: 'client' };
const BOUND: ClientOptions = { tlsClientCertificateBoundAccessTokens: true };

let provider: MutualTlsProvider;
let certificate: KeyPair;
let other: KeyPair;

beforeAll(async () => {
  provider = await startMutualTlsProvider(await testDatabase());
  certificate = await provider.authority.issueClient('client');
  other = await provider.authority.issueClient('client');
});
afterAll(() => provider.stop());

const thumbprintOf = ({ certificate: pem }: KeyPair): string =>
  createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');

const relyingPartyOf = ({ clientId, redirectUri, key, row }: TestClient): Promise<RelyingParty> =>
  RelyingParty.discover({
    issuer: provider.url,
    clientId,
    redirectUri,
    privateKey: { key: key.privateKey, kid: key.kid },
    certificateFetch: provider.fetchAs(certificate),
    tlsAuthentication: row.tokenEndpointAuthMethod === 'tls_client_auth',
    dpop: !row.tlsClientCertificateBoundAccessTokens,
  });

/** Calls the account API on the listener for certificates, with a token in the Bearer scheme. */
const readAccount = async (token: string, by?: KeyPair, url = provider.mtlsUrl) => {
  const answer = await provider.fetchAs(by)(`${url}/api/account`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, challenge: answer.headers.get('www-authenticate') };
};

describe('a client with the profile fapi2', () => {
  it.each<[string, ClientOptions]>([
    ['mTLS and mTLS', { ...BY_CERTIFICATE, ...BOUND }],
    ['private_key_jwt and mTLS', BOUND],
  ])('signs in and calls an API with %s (FAPI 2.0 §5.3.2.1, RFC 8705 §3)', async (_, options) => {
    const client = await givenClient(provider, { profile: 'fapi2', ...options });
    const relyingParty = await relyingPartyOf(client);
    const tokens = await relyingParty.signIn({ ...ALICE, pushed: true });
    expect(tokens.token_type).toBe('bearer');
    expect(payloadOf(tokens.access_token).cnf).toEqual({ 'x5t#S256': thumbprintOf(certificate) });

    const refreshed = await relyingParty.refresh(tokens);
    expect(payloadOf(refreshed.access_token).cnf).toEqual({ 'x5t#S256': thumbprintOf(certificate) });
    expect((await readAccount(refreshed.access_token, certificate)).status).toBe(200);
    for (const by of [other, undefined]) {
      const { status, challenge } = await readAccount(refreshed.access_token, by);
      expect(status).toBe(401);
      expect(challenge).toContain('error="invalid_token"');
    }
    expect((await readAccount(refreshed.access_token, certificate, provider.url)).status).toBe(401);
  });

  it.each<[string, ClientOptions]>([
    ['mTLS and DPoP', BY_CERTIFICATE],
    ['private_key_jwt and DPoP', {}],
  ])('signs in and calls an API with %s (FAPI 2.0 §5.3.2.1, RFC 9449 §7.1)', async (_, options) => {
    const client = await givenClient(provider, { profile: 'fapi2', ...options });
    const relyingParty = await relyingPartyOf(client);
    const tokens = await relyingParty.signIn({ ...ALICE, pushed: true });
    expect(tokens.token_type).toBe('dpop');
    const { access_token } = await relyingParty.refresh(tokens);
    expect(payloadOf(access_token).cnf).toEqual({ jkt: expect.any(String) });
    expect((await relyingParty.callResource(access_token, `${provider.mtlsUrl}/api/account`)).status).toBe(200);
    expect((await relyingParty.callResource(access_token, `${provider.url}/api/account`)).status).toBe(200);
    expect((await readAccount(access_token, certificate)).status).toBe(401);
  });

  it('gets no token that is bound to nothing (FAPI 2.0 §5.3.2.1)', async () => {
    const client = await givenClient(provider, { profile: 'fapi2', ...BY_CERTIFICATE });
    const { redemption } = await givenGrant(provider, { clientId: client.clientId, redirectUri: client.redirectUri });
    const { status, body } = await provider.postAs(certificate, '/token', {
      ...redemption,
      client_id: client.clientId,
    });
    expect([status, body.error]).toEqual([400, 'invalid_dpop_proof']);
  });
});

/** Creates a grant to a client, and returns the parameters that redeem its code. */
async function givenRedemption({ clientId, redirectUri, credentials }: TestClient): Promise<Record<string, string>> {
  const { redemption } = await givenGrant(provider, { clientId, redirectUri, resources: [`${provider.url}/api`] });
  return { ...(await credentials()), ...redemption };
}

describe('a client that is registered for certificate-bound tokens', () => {
  const PUBLIC: ClientOptions = { method: 'none', ...BOUND };

  it('gets none on a connection without a certificate (RFC 8705 §3.4)', async () => {
    const redemption = await givenRedemption(await givenClient(provider, PUBLIC));
    const [encrypted, plain] = [
      await provider.postAs(undefined, '/token', redemption),
      await post(provider, '/token', redemption),
    ];
    expect([encrypted.status, encrypted.body.error]).toEqual([400, 'invalid_request']);
    expect([plain.status, plain.body.error]).toEqual([400, 'invalid_request']);
    // The refusals have not used up the code.
    expect((await provider.postAs(certificate, '/token', redemption)).status).toBe(200);
  });

  it('gets none for a DPoP proof, because a token has one binding (RFC 7800 §3.1)', async () => {
    const client = await givenClient(provider, PUBLIC);
    const key = await DpopKey.generate();
    const headers = { dpop: await key.proof({ url: `${provider.mtlsUrl}/token` }) };
    const { body } = await provider.postAs(certificate, '/token', await givenRedemption(client), headers);
    expect(body.error).toBe('invalid_request');
  });

  it('may authenticate with any method, such as a secret (RFC 8705 §3)', async () => {
    const client = await givenClient(provider, { method: 'client_secret_post', ...BOUND });
    const { body } = await provider.postAs(certificate, '/token', await givenRedemption(client));
    expect(payloadOf(body.access_token).cnf).toEqual({ 'x5t#S256': thumbprintOf(certificate) });
  });

  it('is public: its refresh tokens are bound to the certificate, too (RFC 8705 §4)', async () => {
    const client = await givenClient(provider, PUBLIC);
    const { body: tokens } = await provider.postAs(certificate, '/token', await givenRedemption(client));
    const refresh = (by: KeyPair | undefined, refresh_token: string) =>
      provider.postAs(by, '/token', { grant_type: 'refresh_token', client_id: client.clientId, refresh_token });
    expect((await refresh(other, tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await refresh(undefined, tokens.refresh_token)).body.error).toBe('invalid_request');
    const { status, body } = await refresh(certificate, tokens.refresh_token);
    expect([status, payloadOf(body.access_token).cnf]).toEqual([200, { 'x5t#S256': thumbprintOf(certificate) }]);
  });

  it('is public: its refresh tokens stay bound when it changes its registration (RFC 8705 §4)', async () => {
    const client = await givenClient(provider, PUBLIC);
    const { body: tokens } = await provider.postAs(certificate, '/token', await givenRedemption(client));
    await provider.dataSource.query(
      'UPDATE clients SET tls_client_certificate_bound_access_tokens = false WHERE client_id = $1',
      [client.clientId],
    );
    provider.app.get(Clients).forgetAll();
    const refresh = { grant_type: 'refresh_token', client_id: client.clientId, refresh_token: tokens.refresh_token };
    expect((await post(provider, '/token', refresh)).body.error).toBe('invalid_grant');
  });

  it('is confidential: it may refresh with a renewed certificate, to which the new token is bound (RFC 8705 §4)', async () => {
    const client = await givenClient(provider, { ...BY_CERTIFICATE, ...BOUND });
    const { body: tokens } = await provider.postAs(certificate, '/token', await givenRedemption(client));
    const { body } = await provider.postAs(other, '/token', {
      grant_type: 'refresh_token',
      client_id: client.clientId,
      refresh_token: tokens.refresh_token,
    });
    expect(payloadOf(body.access_token).cnf).toEqual({ 'x5t#S256': thumbprintOf(other) });
    // The refresh token needs the client, so it is not replaced (RFC 9700 §4.14.2).
    expect(body.refresh_token).toBe(tokens.refresh_token);
    expect(await provider.dataSource.manager.findOneByOrFail(Grant, { clientId: client.clientId })).toMatchObject({
      refreshGeneration: 0,
      certificateThumbprint: null,
    });
  });
});

describe('a ServiceClient with a certificate', () => {
  const MACHINE = { grantTypes: ['client_credentials'], scopes: ['contacts:export'] };
  const scope = 'contacts:export';
  const connect = ({ clientId }: TestClient, { certificate: cert, key }: KeyPair) =>
    new ServiceClient({ issuer: provider.url, clientId, certificate: { cert, key, ca: provider.root.certificate } });

  it('needs no secret, and its tokens are bound to the certificate (RFC 8705 §2, §3)', async () => {
    const client = await givenClient(provider, { ...BY_CERTIFICATE, ...BOUND, ...MACHINE });
    const { value } = await connect(client, certificate).token({ scope });
    expect(payloadOf(value)).toMatchObject({ sub: client.clientId, cnf: { 'x5t#S256': thumbprintOf(certificate) } });
  });

  it('is refused with the certificate of another service (RFC 8705 §2.1)', async () => {
    const client = await givenClient(provider, { ...BY_CERTIFICATE, ...MACHINE });
    const stranger = await provider.authority.issueClient('stranger');
    await expect(connect(client, stranger).token({ scope })).rejects.toThrow(TokenRequestRefused);
  });

  it('gets new tokens for a renewed certificate, without a restart (RFC 8705 §3)', async () => {
    const client = await givenClient(provider, { ...BY_CERTIFICATE, ...BOUND, ...MACHINE });
    const optionsOf = ({ certificate: cert, key }: KeyPair) => ({ cert, key, ca: provider.root.certificate });
    let current = optionsOf(certificate);
    const { clientId } = client;
    const service = new ServiceClient({ issuer: provider.url, clientId, certificate: () => current });
    const first = await service.token({ scope });
    current = optionsOf(other);
    service.forget(first);
    const cnf = { 'x5t#S256': thumbprintOf(other) };
    expect(payloadOf((await service.token({ scope })).value)).toMatchObject({ cnf });
  });

  it('sends nothing to a server whose certificate it does not trust (RFC 9525 §6)', async () => {
    const client = await givenClient(provider, { ...BY_CERTIFICATE, ...MACHINE });
    const { certificate: cert, key } = certificate;
    const { certificate: ca } = (await Authority.createRoot('Root')).pair;
    const fetchIt = certificateFetch({ cert, key, ca });
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: client.clientId });
    await expect(fetchIt(`${provider.mtlsUrl}/token`, { method: 'POST', body })).rejects.toThrow('fetch failed');
  });
});

describe('a ServiceClient', () => {
  const DIRECTORY = { grantTypes: ['client_credentials'], scopes: ['directory:read'] };

  type Credentials = Pick<ServiceClientOptions, 'clientSecret' | 'privateKey' | 'certificate'>;
  const credentialsOf = async ({ secret, key: { privateKey, kid, algorithm: alg } }: TestClient, kinds: string[]) => {
    const { certificate: cert, key } = certificate;
    const presented: ClientTlsOptions = { cert, key, ca: provider.root.certificate };
    return {
      ...(kinds.includes('secret') && { clientSecret: secret }),
      ...(kinds.includes('private_key_jwt') && { privateKey: { ...(await exportJWK(privateKey)), kid, alg } }),
      ...(kinds.includes('certificate') && { certificate: presented }),
    } as Credentials;
  };

  it.each<[string, ClientOptions, 'bearer' | 'certificate' | 'DPoP']>([
    ['secret', {}, 'bearer'],
    ['secret', { dpopBoundAccessTokens: true }, 'DPoP'],
    ['private_key_jwt', { profile: 'fapi2', ...BOUND }, 'certificate'],
    ['private_key_jwt', { profile: 'fapi2' }, 'DPoP'],
    ['certificate', { ...BY_CERTIFICATE, ...BOUND }, 'certificate'],
    ['certificate', BY_CERTIFICATE, 'DPoP'],
  ])(
    'authenticates with %s, and calls an API with its token (RFC 6749 §2.3, RFC 8705 §3, RFC 9449 §7) %#',
    async (method, options, binding) => {
      const client = await givenClient(provider, { ...options, ...DIRECTORY });
      const kinds = [method, ...(binding === 'certificate' ? ['certificate'] : [])];
      const credentials = await credentialsOf(client, kinds);
      const { clientId } = client;
      const service = new ServiceClient({ issuer: provider.url, clientId, ...credentials, dpop: binding === 'DPoP' });
      const { certificate: presented } = credentials;
      const api = new ResourceClient({
        baseUrl: `${presented ? provider.mtlsUrl : provider.url}/api`,
        fetch: presented && certificateFetch(presented),
      });
      const token = service.machineToken({ resource: `${provider.url}/api`, scope: 'directory:read' });
      const user = '00000000-0000-4000-8000-000000000000';
      await expect(api.json(`/users/${user}`, { parse: (body: unknown) => body }, { token })).rejects.toMatchObject({
        status: 404,
      });
      const bound = { bearer: undefined, certificate: { 'x5t#S256': thumbprintOf(certificate) } };
      const expected = binding === 'DPoP' ? { jkt: expect.any(String) } : bound[binding];
      expect(payloadOf((await token.get()).value).cnf).toEqual(expected);
    },
  );
});

it('introspection returns the certificate to which a token is bound (RFC 8705 §3.2)', async () => {
  const client = await givenClient(provider, { ...BY_CERTIFICATE, ...BOUND });
  const { body: tokens } = await provider.postAs(certificate, '/token', await givenRedemption(client));
  const parameters = { token: tokens.access_token, client_id: client.clientId };
  const { body } = await provider.postAs(certificate, '/introspect', parameters);
  expect(body).toMatchObject({ active: true, token_type: 'Bearer', cnf: { 'x5t#S256': thumbprintOf(certificate) } });
  expect((await post(provider, '/introspect', { token: tokens.access_token }, BACKEND)).body.active).toBe(false);
});

it('the userinfo endpoint accepts a bound token with its certificate only (RFC 8705 §3)', async () => {
  const client = await givenClient(provider, { ...BY_CERTIFICATE, ...BOUND });
  const { body: tokens } = await provider.postAs(certificate, '/token', await givenRedemption(client));
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const ask = async (by?: KeyPair) => (await provider.fetchAs(by)(`${provider.mtlsUrl}/userinfo`, { headers })).status;
  expect([await ask(certificate), await ask(other), await ask()]).toEqual([200, 401, 401]);
});

describe('the metadata', () => {
  it('publishes the endpoints for certificates, which exist (RFC 8705 §5)', async () => {
    const answer = await fetch(`${provider.url}/.well-known/openid-configuration`);
    const metadata = (await answer.json()) as Record<string, unknown>;
    expect(metadata).toMatchObject({ tls_client_certificate_bound_access_tokens: true });
    const aliases = Object.values(metadata.mtls_endpoint_aliases as Record<string, string>);
    expect(aliases.length).toBeGreaterThan(0);
    for (const url of aliases) {
      expect(url.startsWith(`${provider.mtlsUrl}/`)).toBe(true);
      const { status } = await provider.fetchAs()(url, { method: 'POST' });
      expect([url, status === 404]).toEqual([url, false]);
    }
  });
});
