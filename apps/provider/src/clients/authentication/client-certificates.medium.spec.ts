import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { Authority, type ClientNames, type KeyPair } from '@trefoil/pki';
import { testDatabase } from '@trefoil/testing';
import { type ClientServer, sendJson, startClientServer } from '../../testing/client-server.js';
import { jwkOf, type MutualTlsProvider, startMutualTlsProvider } from '../../testing/mutual-tls.js';
import { clientAssertion, type ClientOptions, givenClient, givenKey } from '../../testing/test-clients.js';
import { basic, post } from '../../testing/token-requests.js';
import type { ExpectedSubject } from '../keys/certificate-subject.js';

const DAY = 24 * 3600 * 1000;
const PAST = { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) };
const FUTURE = { notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 2 * DAY) };
const CLIENT_CREDENTIALS = { grant_type: 'client_credentials' };
const REFUSED = [401, 'invalid_client'];

let provider: MutualTlsProvider;
let published: ClientServer;
let keySet: unknown;
let rogue: Authority;

beforeAll(async () => {
  published = await startClientServer((_request, response) => sendJson(response, keySet));
  provider = await startMutualTlsProvider(await testDatabase(), { OUTBOUND_ALLOWED_ORIGINS: published.origin });
  rogue = await (await Authority.createRoot('Root')).createIssuing('Issuing');
});
afterAll(async () => {
  await provider.stop();
  await published.stop();
});

/** Registers a machine client. */
const givenMachine = (options: ClientOptions) =>
  givenClient(provider, {
    grantTypes: [GRANT_TYPE.clientCredentials],
    scopes: ['contacts:export'],
    jwks: null,
    ...options,
  });

const givenTlsClient = (subject: Partial<ExpectedSubject>) => givenMachine({ method: 'tls_client_auth', ...subject });

/** Sends a token request as a client on a connection with a certificate, and returns the status and the error. */
async function authenticate(by: KeyPair | undefined, client_id: string, more: Record<string, string> = {}) {
  const { status, body } = await provider.postAs(by, '/token', { ...CLIENT_CREDENTIALS, client_id, ...more });
  return [status, body.error];
}

const issue = (names: ClientNames) => provider.authority.issueClient('any', undefined, names);

describe('tls_client_auth', () => {
  it.each<[string, Partial<ExpectedSubject>, ClientNames]>([
    [
      'its distinguished name',
      { tlsClientAuthSubjectDn: 'CN=frontend,O=Example\\, Inc,C=DE' },
      { subject: 'C=DE, O=Example\\, Inc, CN=frontend' },
    ],
    ['a DNS name', { tlsClientAuthSanDns: 'frontend.example' }, dns('other.example', 'frontend.example')],
    [
      'a URI',
      { tlsClientAuthSanUri: 'spiffe://example/frontend' },
      { alternativeNames: [{ type: 'url', value: 'spiffe://example/frontend' }] },
    ],
    [
      'an IPv4 address',
      { tlsClientAuthSanIp: '192.0.2.1' },
      { alternativeNames: [{ type: 'ip', value: '192.0.2.1' }] },
    ],
    [
      'an IPv6 address in another spelling',
      { tlsClientAuthSanIp: '2001:DB8:0::1' },
      { alternativeNames: [{ type: 'ip', value: '2001:db8::1' }] },
    ],
    [
      'an email address',
      { tlsClientAuthSanEmail: 'ops@example.com' },
      { alternativeNames: [{ type: 'email', value: 'ops@example.com' }] },
    ],
  ])('authenticates a client whose certificate has %s as registered (RFC 8705 §2.1.2)', async (_, subject, names) => {
    const { clientId } = await givenTlsClient(subject);
    expect(await authenticate(await issue(names), clientId)).toEqual([200, undefined]);
  });

  it.each<[string, Partial<ExpectedSubject>, ClientNames]>([
    ['another distinguished name', { tlsClientAuthSubjectDn: 'CN=frontend' }, { subject: 'CN=backend' }],
    ['more in its distinguished name', { tlsClientAuthSubjectDn: 'CN=frontend' }, { subject: 'O=a, CN=frontend' }],
    ['another DNS name', { tlsClientAuthSanDns: 'frontend.example' }, dns('backend.example')],
    ['a wildcard for its DNS name', { tlsClientAuthSanDns: 'frontend.example' }, dns('*.example')],
    [
      'its DNS name as common name only',
      { tlsClientAuthSanDns: 'frontend.example' },
      { subject: 'CN=frontend.example', alternativeNames: [{ type: 'dns', value: 'backend.example' }] },
    ],
    [
      'its URI inside another name',
      { tlsClientAuthSanUri: 'https://a.example/' },
      { alternativeNames: [{ type: 'dns', value: 'x, URI:https://a.example/' }] },
    ],
    ['another type of name', { tlsClientAuthSanEmail: 'a@frontend.example' }, dns('a@frontend.example')],
    [
      'another address',
      { tlsClientAuthSanIp: '192.0.2.1' },
      { alternativeNames: [{ type: 'ip', value: '192.0.2.2' }] },
    ],
  ])('refuses a certificate with %s (RFC 8705 §2.1)', async (_, subject, names) => {
    const { clientId } = await givenTlsClient(subject);
    expect(await authenticate(await issue(names), clientId)).toEqual(REFUSED);
  });

  it.each<[string, () => Promise<KeyPair> | KeyPair]>([
    ['a rogue authority with the same name (RFC 8705 §7.4)', () => rogue.issueClient('frontend')],
    ['nobody: self-signed (RFC 8705 §2.1)', async () => (await Authority.createRoot('frontend')).pair],
  ])('refuses a certificate issued by %s', async (_, certificate) => {
    const { clientId } = await givenTlsClient({ tlsClientAuthSubjectDn: 'CN=frontend' });
    expect(await authenticate(await certificate(), clientId)).toEqual(REFUSED);
  });

  it.each([
    ['has expired', PAST],
    ['is not valid yet', FUTURE],
  ])('refuses a certificate that %s (RFC 5280 §4.1.2.5)', async (_, validity) => {
    const { clientId } = await givenTlsClient({ tlsClientAuthSanDns: 'frontend' });
    expect(await authenticate(await provider.authority.issueClient('frontend', validity), clientId)).toEqual(REFUSED);
  });

  it('refuses a certificate for servers (RFC 5280 §4.2.1.12)', async () => {
    const { clientId } = await givenTlsClient({ tlsClientAuthSanDns: 'frontend' });
    expect(await authenticate(await provider.authority.issueServer('frontend', ['frontend']), clientId)).toEqual(
      REFUSED,
    );
  });

  it('refuses the certificate of another service (RFC 8705 §2.1)', async () => {
    const [frontend, backend] = await Promise.all(
      ['frontend', 'backend'].map((name) => givenTlsClient({ tlsClientAuthSanDns: name })),
    );
    const certificate = await provider.authority.issueClient('backend');
    expect(await authenticate(certificate, backend?.clientId ?? '')).toEqual([200, undefined]);
    expect(await authenticate(certificate, frontend?.clientId ?? '')).toEqual(REFUSED);
  });

  it('refuses a connection without a certificate, and a plain one with a header (RFC 8705 §2, RFC 9440 §2.4)', async () => {
    const { clientId: client_id } = await givenTlsClient({ tlsClientAuthSanDns: 'frontend' });
    expect(await authenticate(undefined, client_id)).toEqual(REFUSED);
    const [forged] = (jwkOf(await provider.authority.issueClient('frontend')) as { x5c: string[] }).x5c;
    const headers = { 'client-cert': `:${forged}:`, 'x-forwarded-client-cert': `:${forged}:` };
    const { status, body } = await post(provider, '/token', { ...CLIENT_CREDENTIALS, client_id }, undefined, headers);
    expect([status, body.error]).toEqual(REFUSED);
  });

  it('refuses a request without client_id (RFC 8705 §2)', async () => {
    const certificate = await provider.authority.issueClient('frontend');
    const { status, body } = await provider.postAs(certificate, '/token', CLIENT_CREDENTIALS);
    expect([status, body.error]).toEqual(REFUSED);
  });

  it('refuses a client that has registered no subject, or several (RFC 8705 §2.1.2)', async () => {
    const certificate = await provider.authority.issueClient('frontend');
    const none = await givenTlsClient({});
    const two = await givenTlsClient({ tlsClientAuthSanDns: 'frontend', tlsClientAuthSubjectDn: 'CN=frontend' });
    expect(await authenticate(certificate, none.clientId)).toEqual(REFUSED);
    expect(await authenticate(certificate, two.clientId)).toEqual(REFUSED);
  });

  it('refuses a certificate together with another method that the client did not register (RFC 6749 §2.3)', async () => {
    const certificate = await provider.authority.issueClient('frontend');
    const { clientId } = await givenTlsClient({ tlsClientAuthSanDns: 'frontend' });
    expect(await authenticate(certificate, clientId, { client_secret: 'x' })).toEqual(REFUSED);
    const headers = { authorization: basic(clientId, 'x') };
    const { body } = await provider.postAs(certificate, '/token', CLIENT_CREDENTIALS, headers);
    expect(body.error).toBe('invalid_client');
  });

  it('is no authentication for a client that is registered for another method (RFC 8705 §2)', async () => {
    const certificate = await provider.authority.issueClient('frontend');
    const options = { tlsClientAuthSanDns: 'frontend' };
    const secret = await givenMachine({ method: 'client_secret_basic', ...options });
    const key = await givenMachine({ method: 'private_key_jwt', key: await givenKey(), ...options });
    expect(await authenticate(certificate, secret.clientId)).toEqual(REFUSED);
    expect(await authenticate(certificate, key.clientId)).toEqual(REFUSED);
    expect(await authenticate(certificate, 'nobody')).toEqual(REFUSED);
  });

  it.each([
    ['/introspect', { token: 'x' }, 200],
    ['/par', {}, 400],
    ['/device_authorization', { scope: 'openid' }, 400],
  ])('also authenticates at %s (RFC 8414 §2)', async (path, parameters, status) => {
    const { clientId: client_id } = await givenTlsClient({ tlsClientAuthSanDns: 'frontend' });
    const certificate = await provider.authority.issueClient('frontend');
    const answer = await provider.postAs(certificate, path, { ...parameters, client_id });
    expect([answer.status, answer.body.error]).not.toContain('invalid_client');
    expect(answer.status).toBe(status);
    expect((await provider.postAs(undefined, path, { ...parameters, client_id })).status).toBe(401);
  });
});

describe('self_signed_tls_client_auth', () => {
  const selfSigned = async () => (await Authority.createRoot('Machine')).pair;
  const givenSelfSigned = (options: ClientOptions) =>
    givenMachine({ method: 'self_signed_tls_client_auth', ...options });

  it('authenticates a client by the certificate of one of its keys (RFC 8705 §2.2)', async () => {
    const [old, current] = [await selfSigned(), await selfSigned()];
    const { clientId } = await givenSelfSigned({ jwks: { keys: [jwkOf(old), jwkOf(current)] as never } });
    expect(await authenticate(old, clientId)).toEqual([200, undefined]);
    expect(await authenticate(current, clientId)).toEqual([200, undefined]);
  });

  it('reads the jwks_uri again for a new certificate (RFC 8705 §2.2.2)', async () => {
    const [old, current] = [await selfSigned(), await selfSigned()];
    keySet = { keys: [jwkOf(old)] };
    const { clientId } = await givenSelfSigned({ jwksUri: `${published.origin}/jwks` });
    expect(await authenticate(old, clientId)).toEqual([200, undefined]);
    keySet = { keys: [jwkOf(current)] };
    expect(await authenticate(current, clientId)).toEqual([200, undefined]);
    expect(await authenticate(old, clientId)).toEqual(REFUSED);
  });

  it('refuses another certificate, also one with the same name (RFC 8705 §2.2)', async () => {
    const { clientId } = await givenSelfSigned({ jwks: { keys: [jwkOf(await selfSigned())] as never } });
    expect(await authenticate(await selfSigned(), clientId)).toEqual(REFUSED);
    expect(await authenticate(await provider.authority.issueClient('Machine'), clientId)).toEqual(REFUSED);
    expect(await authenticate(undefined, clientId)).toEqual(REFUSED);
  });

  it('refuses a key without its certificate, or with the certificate of another key (RFC 7517 §4.7)', async () => {
    const [mine, other] = [await selfSigned(), await selfSigned()];
    const { x5c } = jwkOf(mine) as { x5c: string[] };
    const bare = await givenSelfSigned({ jwks: { keys: [{ ...jwkOf(mine), x5c: undefined }] as never } });
    const mixed = await givenSelfSigned({ jwks: { keys: [{ ...jwkOf(other), x5c }] as never } });
    expect(await authenticate(mine, bare.clientId)).toEqual(REFUSED);
    expect(await authenticate(mine, mixed.clientId)).toEqual(REFUSED);
  });

  it.each([
    ['has expired', PAST],
    ['is not valid yet', FUTURE],
  ])('refuses a registered certificate that %s (RFC 5280 §4.1.2.5)', async (_, validity) => {
    const certificate = await provider.authority.issueClient('frontend', validity);
    const { clientId } = await givenSelfSigned({ jwks: { keys: [jwkOf(certificate)] as never } });
    expect(await authenticate(certificate, clientId)).toEqual(REFUSED);
  });
});

describe('other methods', () => {
  it('work on a connection with a certificate (RFC 8705 §3)', async () => {
    const certificate = await provider.authority.issueClient('frontend');
    const { clientId, secret } = await givenMachine({ method: 'client_secret_post' });
    expect(await authenticate(certificate, clientId, { client_secret: secret })).toEqual([200, undefined]);
    const key = await givenKey();
    const machine = await givenMachine({ method: 'private_key_jwt', key, jwks: { keys: [key.publicJwk] } });
    const assertion = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await clientAssertion(provider, machine),
    };
    expect(await authenticate(certificate, machine.clientId, assertion)).toEqual([200, undefined]);
  });
});

function dns(...names: string[]): ClientNames {
  return { alternativeNames: names.map((value) => ({ type: 'dns', value })) };
}
