import { GRANT_TYPE, LOOPBACK_HTTP, OAuthError, type SecurityProfileName } from '@trefoil/oauth-protocol';
import { Authority } from '@trefoil/pki';
import { generateKeyPairSync } from 'node:crypto';
import { demoResourceServers } from '../../demo/demo-data.js';
import { OutboundError } from '../../outbound/outbound-fetcher.js';
import { DEMO } from '../../testing/demo.js';
import { jwkOf, x5cOf } from '../../testing/mutual-tls.js';
import { checkClientMetadata } from './check-client-metadata.js';
import { readClientMetadata } from './client-metadata.js';
import type { RegistrationContext } from './rules/registration-context.js';

const CALLBACK = 'https://client.example/callback';
const SECTOR = 'https://client.example/sector';
const NATIVE = { application_type: 'native' };
const PAIRWISE = { subject_type: 'pairwise' };
const MACHINE = { redirect_uris: undefined, grant_types: ['client_credentials'] };

const keyPair = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });
const rsaKey = keyPair(2048).publicKey.export({ format: 'jwk' });
const shortKey = keyPair(1024).publicKey.export({ format: 'jwk' });
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ecKey = { ...publicKey.export({ format: 'jwk' }), kid: 'a' };
const signing = (key: object) => ({ jwks: { keys: [key] } });

const published: Record<string, unknown> = {
  [SECTOR]: [CALLBACK, 'https://other.example/callback'],
  'https://client.example/object': { redirect_uris: [CALLBACK] },
};

const outbound: RegistrationContext['outbound'] = {
  checkUrl: (url) => {
    if (!url.startsWith('https:')) throw new OutboundError('the address must be https');
  },
  getJson: async (url) => {
    if (!(url in published)) throw new OutboundError('the answer was 404, not 200');
    return { json: published[url], maxAge: undefined };
  },
};

/** Checks metadata that is valid except for the members under test. */
async function check(
  metadata: object,
  profile: SecurityProfileName = 'oidc',
  certificateMethods: RegistrationContext['certificateMethods'] = ['tls_client_auth', 'self_signed_tls_client_auth'],
  transport = LOOPBACK_HTTP,
) {
  return checkClientMetadata({
    metadata: readClientMetadata({ redirect_uris: [CALLBACK], ...metadata }),
    profile,
    offeredGrantTypes: Object.values(GRANT_TYPE),
    certificateMethods,
    resourceServers: demoResourceServers({ issuer: 'https://id.example', ...DEMO }),
    outbound,
    transport,
  });
}

async function refusal(
  metadata: object,
  profile?: SecurityProfileName,
  transport = LOOPBACK_HTTP,
): Promise<[string, string]> {
  const refused = await check(metadata, profile, undefined, transport).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refused instanceof OAuthError && refused.status === 400) return [refused.code, refused.description];
  throw new Error(`expected a refusal, and got ${String(refused)}`);
}

/** Tests that each is refused with `invalid_client_metadata` and a description that begins with the name of the last member. */
const refuses = (section: string, cases: [string, object, SecurityProfileName?][]) =>
  it.each(cases)(`refuses %s (${section})`, async (_what, ...[metadata, profile]) => {
    const [member = ''] = Object.keys(metadata).slice(-1);
    const [code, description] = await refusal(metadata, profile);
    expect(code).toBe('invalid_client_metadata');
    expect(description).toMatch(new RegExp(`^${member}\\b`));
  });

describe('redirect_uris', () => {
  it.each<[string, object]>([
    ['https', { redirect_uris: [CALLBACK, 'https://client.example/?a=b'] }],
    ['http on loopback', { redirect_uris: ['http://localhost:8080/callback'] }],
    ['loopback addresses, for native apps', { ...NATIVE, redirect_uris: ['http://127.0.0.1/', 'http://[::1]/a'] }],
    ['a private-use scheme, for native apps', { ...NATIVE, redirect_uris: ['com.example.app:/callback'] }],
    ['none, for machines', MACHINE],
  ])('may be %s (RFC 8252 §7)', (_what, metadata) => expect(check(metadata)).resolves.toBeDefined());

  it.each<[string, object]>([
    ['missing', { redirect_uris: undefined }],
    ['empty', { redirect_uris: [] }],
    ['not an array', { redirect_uris: CALLBACK }],
    ['not strings', { redirect_uris: [1] }],
    ['http off loopback', { redirect_uris: ['http://client.example/'] }],
    ['with a fragment', { redirect_uris: [CALLBACK, `${CALLBACK}#`] }],
    ['with a wildcard', { redirect_uris: ['https://*.client.example/'] }],
    ['a javascript URL', { ...NATIVE, redirect_uris: ['javascript:alert(1)'] }],
    ['a data URL', { ...NATIVE, redirect_uris: ['data:text/html,a'] }],
    ['with credentials', { redirect_uris: ['https://a:b@client.example/'] }],
    ['relative', { redirect_uris: ['/callback'] }],
    ['out of band', { ...NATIVE, redirect_uris: ['urn:ietf:wg:oauth:2.0:oob'] }],
    ['a private-use scheme of a web client', { redirect_uris: ['com.example.app:/callback'] }],
    ['a private-use scheme without a domain', { ...NATIVE, redirect_uris: ['app:/callback'] }],
  ])('must not be %s (RFC 7591 §3.2.2, OAuth 2.1 §2.3.1, RFC 8252 §7.1)', async (_what, metadata) => {
    const [code, description] = await refusal(metadata);
    expect(code).toBe('invalid_redirect_uri');
    expect(description).toMatch(/^redirect_uris\b/);
  });
});

describe('the URIs of clients in production', () => {
  const production = { isProduction: true, plainHttpOrigins: ['http://shop.internal'] };
  const checkInProduction = (metadata: object) => check(metadata, 'oidc', undefined, production);

  it.each<[string, object]>([
    ['https', { post_logout_redirect_uris: [CALLBACK], initiate_login_uri: CALLBACK }],
    [
      'http of an origin that is named for a hop inside a cluster',
      { redirect_uris: ['http://shop.internal/callback'] },
    ],
    [
      'http on loopback, for native apps (RFC 8252 §7.3)',
      { ...NATIVE, redirect_uris: ['http://127.0.0.1/', 'http://localhost/'] },
    ],
    [
      'a private-use scheme, for native apps (RFC 8252 §7.1)',
      { ...NATIVE, redirect_uris: ['com.example.app:/callback'] },
    ],
  ])('may be %s', (_what, metadata) => expect(checkInProduction(metadata)).resolves.toBeDefined());

  it.each<[string, object, string]>([
    ['redirect_uris', { redirect_uris: ['http://localhost:8080/callback'] }, 'invalid_redirect_uri'],
    ['redirect_uris', { ...NATIVE, redirect_uris: ['http://client.example/'] }, 'invalid_redirect_uri'],
    ['post_logout_redirect_uris', { post_logout_redirect_uris: ['http://localhost/'] }, 'invalid_client_metadata'],
    ['initiate_login_uri', { initiate_login_uri: 'http://localhost/' }, 'invalid_client_metadata'],
  ])('must be https in %s: %j (OAuth 2.1 §1.5)', async (member, metadata, expected) => {
    const [code, description] = await refusal(metadata, 'oidc', production);
    expect([code, description]).toEqual([expected, expect.stringMatching(new RegExp(`^${member}\\b.*https`))]);
  });
});

describe('grant and response types', () => {
  it('are code and authorization_code by default (RFC 7591 §2)', async () => {
    expect((await check({})).grantTypes).toEqual(['authorization_code']);
  });

  refuses('RFC 7591 §2.1, OAuth 2.1 §10', [
    ['the implicit grant', { grant_types: ['authorization_code', 'implicit'] }],
    ['the password grant', { grant_types: ['password'] }],
    ['an unknown grant', { grant_types: ['urn:example:grant'] }],
    ['token exchange', { grant_types: [GRANT_TYPE.tokenExchange] }],
    ['a refresh token without a grant that issues it', { grant_types: ['refresh_token'] }],
    ['no grant type', { grant_types: [] }],
    ['an implicit response', { response_types: ['token'] }],
    ['a hybrid response', { response_types: ['code', 'code id_token'] }],
    ['no response type with the code grant', { response_types: [] }],
    ['code without its grant', { ...MACHINE, response_types: ['code'] }],
  ]);
});

describe('token_endpoint_auth_method', () => {
  it('is client_secret_basic by default (RFC 7591 §2)', async () => {
    expect((await check({})).tokenEndpointAuthMethod).toBe('client_secret_basic');
  });

  it('is the method of the profile, when the profile has no secrets', async () => {
    expect((await check(signing(ecKey), 'fapi2')).tokenEndpointAuthMethod).toBe('private_key_jwt');
  });

  refuses('RFC 7591 §3.2.2, RFC 6749 §4.4', [
    ['an unknown method', { token_endpoint_auth_method: 'client_secret_jwt' }],
    ['a secret with fapi2', { token_endpoint_auth_method: 'client_secret_basic' }, 'fapi2'],
    ['a machine without authentication', { ...MACHINE, token_endpoint_auth_method: 'none' }],
  ]);
});

describe('keys', () => {
  const SIGNS = { token_endpoint_auth_method: 'private_key_jwt' };

  it('are stored without unknown members', async () => {
    const { jwks } = await check({ ...SIGNS, ...signing({ ...ecKey, note: 'mine' }) });
    expect(jwks).toEqual({ keys: [ecKey] });
    expect((await check({ ...SIGNS, ...signing(rsaKey) })).jwks?.keys).toHaveLength(1);
  });

  it('may be at a URL', async () => {
    const jwks_uri = 'https://client.example/jwks';
    expect(await check({ jwks_uri })).toMatchObject({ jwks: null, jwksUri: jwks_uri });
  });

  it.each<[string, object]>([
    ['given by value and by URL', { ...signing(ecKey), jwks_uri: 'https://client.example/jwks' }],
    ['missing where the client authenticates with them', SIGNS],
    ['missing where the client signs requests', { request_object_signing_alg: 'ES256' }],
    ['missing where the client must sign requests', { require_signed_request_object: true }],
  ])('must not be %s (RFC 7591 §2)', async (_what, metadata) => {
    expect(await refusal(metadata)).toEqual(['invalid_client_metadata', expect.stringMatching(/^jwks\b.*jwks_uri/)]);
  });

  it.each<[string, unknown]>([
    ['of a type that is not known', { kty: 'AKP', kid: 'pq', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['on a curve that is not known', { kty: 'EC', crv: 'brainpoolP256r1', x: ecKey.x, y: ecKey.y }],
    ['without a type', { kid: 'none' }],
    ['that are null', null],
  ])('%s are left out of the set (RFC 7517 §5)', async (_what, unknown) => {
    expect((await check({ ...SIGNS, jwks: { keys: [unknown, ecKey] } })).jwks).toEqual({ keys: [ecKey] });
  });

  refuses('RFC 7517 §4, RFC 7518 §3.3', [
    ['a private key', signing(privateKey.export({ format: 'jwk' }))],
    ['a shared key', signing({ kty: 'oct', k: 'c2VjcmV0' })],
    ['an incomplete key', signing({ kty: 'EC', crv: 'P-256', x: ecKey.x })],
    ['a key that is not an object', { jwks: { keys: ['key'] } }],
    ['a key set that is an array', { jwks: [ecKey] }],
    ['an RSA key of 1024 bits', signing(shortKey)],
    ['a kid that is not a string', signing({ ...ecKey, kid: 1 })],
    ['a kid with a lone surrogate', signing({ ...ecKey, kid: '\ud800' })],
    ['certificates that are nested lists', signing({ ...ecKey, x5c: [[[]]] })],
    ['operations that are not a list', signing({ ...ecKey, key_ops: 'verify' })],
    ['keys fetched by http', { jwks_uri: 'http://client.example/jwks' }],
  ]);
});

describe('algorithms', () => {
  it('default to that of the profile for ID tokens, and to none for other responses', async () => {
    expect(await check({})).toMatchObject({ idTokenSignedResponseAlg: 'RS256', userinfoSignedResponseAlg: null });
    expect((await check(signing(ecKey), 'fapi2')).idTokenSignedResponseAlg).toBe('ES256');
  });

  refuses('OpenID Connect Registration §2, RFC 9101 §10.2, FAPI 2.0 §5.4', [
    ['unsigned ID tokens', { id_token_signed_response_alg: 'none' }],
    ['ID tokens signed with the secret', { id_token_signed_response_alg: 'HS256' }],
    ['unsigned userinfo by name', { userinfo_signed_response_alg: 'none' }],
    ['unsigned authorization responses', { authorization_signed_response_alg: 'none' }],
    ['unsigned introspection', { introspection_signed_response_alg: 'none' }],
    ['unsigned request objects', { ...signing(ecKey), request_object_signing_alg: 'none' }],
    ['assertions signed with the secret', { token_endpoint_auth_signing_alg: 'HS256' }],
    ['RS256 with fapi2', { ...signing(ecKey), request_object_signing_alg: 'RS256' }, 'fapi2'],
    ['RS256 ID tokens with fapi2', { ...signing(ecKey), id_token_signed_response_alg: 'RS256' }, 'fapi2'],
  ]);

  refuses('OpenID Connect Registration §2: nothing is encrypted', [
    ['encrypted ID tokens', { id_token_encrypted_response_alg: 'RSA-OAEP' }],
    ['encrypted userinfo', { userinfo_encrypted_response_alg: 'RSA-OAEP' }],
    ['encrypted authorization responses', { authorization_encrypted_response_alg: 'RSA-OAEP' }],
    ['encrypted introspection', { introspection_encrypted_response_alg: 'RSA-OAEP' }],
    ['encrypted request objects', { request_object_encryption_alg: 'RSA-OAEP' }],
  ]);
});

describe('response_modes', () => {
  it('are all supported ones by default, otherwise only the given ones', async () => {
    expect((await check({})).responseModes).toBeNull();
    expect((await check({ response_modes: ['form_post.jwt', 'jwt', 'jwt'] })).responseModes).toEqual([
      'jwt',
      'form_post.jwt',
    ]);
  });

  refuses('FAPI 2.0 Message Signing §5.3.3', [
    ['no response mode', { response_modes: [] }],
    ['a response mode that is not supported', { response_modes: ['jwt', 'fragment.jwt'] }],
    ['response modes that are not an array', { response_modes: 'jwt' }],
    ['response modes that are not strings', { response_modes: [1] }],
  ]);
});

describe('a software statement', () => {
  it('is refused, because no issuer of them is trusted (RFC 7591 §3.2.2)', async () => {
    const [code] = await refusal({ software_statement: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln' });
    expect(code).toBe('unapproved_software_statement');
  });

  it('is refused when it is not a signed JWT (RFC 7591 §3.2.2)', async () => {
    expect((await refusal({ software_statement: 'I am good' }))[0]).toBe('invalid_software_statement');
  });
});

describe('scope', () => {
  it('is that of OpenID Connect by default, and empty for machines', async () => {
    const openid = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];
    expect((await check({})).scopes).toEqual(openid);
    expect((await check(MACHINE)).scopes).toEqual([]);
  });

  it('may contain user scopes of resource servers that are open to every client', async () => {
    expect((await check({ scope: 'openid account:read' })).scopes).toEqual(['openid', 'account:read']);
  });

  refuses('RFC 7591 §2', [
    ['an unknown scope', { scope: 'openid everything' }],
    ['a scope of a resource server that is not open to every client', { scope: 'contacts:read' }],
    ['a scope of machines', { scope: 'directory:read' }],
    ['a scope of users for a machine', { ...MACHINE, scope: 'account:read' }],
    ['a scope outside the grammar', { scope: 'open"id' }],
  ]);
});

describe('subject_type and sector_identifier_uri', () => {
  const twoHosts = { ...PAIRWISE, redirect_uris: [CALLBACK, 'https://other.example/callback'] };

  it('need no document for one host (OpenID Connect Core §8.1)', async () => {
    expect((await check(PAIRWISE)).subjectType).toBe('pairwise');
  });

  it('accept several hosts that the document names', async () => {
    const checked = await check({ ...twoHosts, sector_identifier_uri: SECTOR });
    expect(checked).toMatchObject({ subjectType: 'pairwise', sectorIdentifierUri: SECTOR });
  });

  it.each<[string, object]>([
    ['several hosts without a document', twoHosts],
    ['no host at all', { ...PAIRWISE, ...NATIVE, redirect_uris: ['com.example.app:/callback'] }],
    [
      'a redirect URI that the document does not name',
      { redirect_uris: ['https://third.example/'], sector_identifier_uri: SECTOR },
    ],
    ['a document that does not exist', { sector_identifier_uri: 'https://client.example/none' }],
    ['a document that is not an array', { sector_identifier_uri: 'https://client.example/object' }],
    ['a document fetched by http', { sector_identifier_uri: 'http://client.example/sector' }],
  ])('refuse %s (OpenID Connect Registration §5)', async (_what, metadata) => {
    const [code, description] = await refusal(metadata);
    expect(code).toBe('invalid_client_metadata');
    expect(description).toMatch(/^sector_identifier_uri/);
  });

  refuses('OpenID Connect Registration §2', [['another subject type', { subject_type: 'secret' }]]);
});

describe('the other members', () => {
  refuses('RFC 7591 §2, OpenID Connect Registration §2', [
    ['an unknown application type', { application_type: 'desktop' }],
    ['a home page that is a script', { client_uri: 'javascript:alert(1)' }],
    ['a logo that is data', { logo_uri: 'data:image/png;base64,AA' }],
    ['a policy that is not a URL', { policy_uri: 'policy' }],
    ['terms by ftp', { tos_uri: 'ftp://client.example/' }],
    ['a name that changes the writing direction', { client_name: 'Tr\u202Elaeh' }],
    ['an empty name', { client_name: '' }],
    ['contacts that are not an array', { contacts: 'ops@client.example' }],
    ['a negative max_age', { default_max_age: -1 }],
    ['a fractional max_age', { default_max_age: 0.5 }],
    ['a string instead of a boolean', { require_auth_time: 'true' }],
    ['a number instead of a boolean', { require_signed_request_object: 1 }],
    ['an acr with a space', { default_acr_values: ['a b'] }],
    ['a sign-in page by http', { initiate_login_uri: 'http://client.example/login' }],
    ['a redirect after sign-out with a fragment', { post_logout_redirect_uris: [`${CALLBACK}#a`] }],
    ['a logout URI with a fragment', { backchannel_logout_uri: 'https://client.example/#a' }],
    ['a logout URI by http', { backchannel_logout_uri: 'http://client.example/' }],
  ]);
});

describe('client certificates', () => {
  const method = (token_endpoint_auth_method: string) => ({ token_endpoint_auth_method });
  const TLS = method('tls_client_auth');
  const SELF_SIGNED = method('self_signed_tls_client_auth');
  const BOUND = { tls_client_certificate_bound_access_tokens: true };

  it.each<[string, object, object]>([
    [
      'a distinguished name',
      { tls_client_auth_subject_dn: 'CN=a,O=b' },
      { tlsClientAuthSubjectDn: 'CN=a,O=b', tlsClientAuthSanDns: null },
    ],
    ['a DNS name', { tls_client_auth_san_dns: 'a.example' }, { tlsClientAuthSanDns: 'a.example' }],
    ['a URI', { tls_client_auth_san_uri: 'spiffe://a/b' }, { tlsClientAuthSanUri: 'spiffe://a/b' }],
    ['an IP address', { tls_client_auth_san_ip: '2001:db8::1' }, { tlsClientAuthSanIp: '2001:db8::1' }],
    ['an email address', { tls_client_auth_san_email: 'a@b.example' }, { tlsClientAuthSanEmail: 'a@b.example' }],
  ])('are named by %s (RFC 8705 §2.1.2)', async (_what, member, columns) => {
    expect(await check({ ...TLS, ...member })).toMatchObject({
      tokenEndpointAuthMethod: 'tls_client_auth',
      ...columns,
    });
    expect(await check({ ...TLS, ...member }, 'fapi2')).toMatchObject(columns);
  });

  it('may be self-signed, with keys by value or by reference (RFC 8705 §2.2.2)', async () => {
    const byReference = { ...SELF_SIGNED, jwks_uri: 'https://client.example/jwks' };
    expect((await check(byReference)).tokenEndpointAuthMethod).toBe('self_signed_tls_client_auth');
    const { pair } = await Authority.createRoot('a');
    expect((await check({ ...SELF_SIGNED, ...signing(jwkOf(pair)) })).jwks).toMatchObject({
      keys: [{ x5c: x5cOf(pair) }],
    });
  });

  it('bind the tokens of any client, public ones too (RFC 8705 §3.4, §4)', async () => {
    expect(await check({ ...method('none'), ...BOUND })).toMatchObject({ tlsClientCertificateBoundAccessTokens: true });
    expect(await check({})).toMatchObject({ tlsClientCertificateBoundAccessTokens: false });
  });

  it('have no subject with another method', async () => {
    expect(await check({ tls_client_auth_san_dns: 'a.example' })).toMatchObject({ tlsClientAuthSanDns: null });
  });

  it('of keys must be theirs (RFC 7517 §4.7)', async () => {
    const [mine, other] = [(await Authority.createRoot('a')).pair, (await Authority.createRoot('a')).pair];
    for (const x5c of [x5cOf(other), ['AAAA'], []]) {
      const [code, description] = await refusal({ ...SELF_SIGNED, ...signing({ ...jwkOf(mine), x5c }) });
      expect([code, description]).toEqual(['invalid_client_metadata', expect.stringMatching(/^jwks\b/)]);
    }
  });

  it.each<[string, object, RegistrationContext['certificateMethods']]>([
    ['tls_client_auth', { ...TLS, tls_client_auth_san_dns: 'a.example' }, ['self_signed_tls_client_auth']],
    ['self_signed_tls_client_auth', { ...SELF_SIGNED, ...signing(ecKey) }, []],
    ['certificate-bound tokens', BOUND, []],
  ])('are refused for %s when the provider does not get or trust them (RFC 7591 §3.2.2)', async (_what, ...given) => {
    const [metadata, methods] = given;
    await expect(check(metadata, 'oidc', methods)).rejects.toThrow('invalid_client_metadata');
  });

  refuses('RFC 8705 §2.1.2', [
    ['tls_client_auth without a subject', TLS],
    ['tls_client_auth with two subjects', { tls_client_auth_san_dns: 'a', tls_client_auth_san_ip: '::1', ...TLS }],
    ['a distinguished name that is none', { ...TLS, tls_client_auth_subject_dn: 'frontend' }],
    ['a distinguished name with an unknown attribute', { ...TLS, tls_client_auth_subject_dn: 'X-A=b' }],
    ['a wildcard', { ...TLS, tls_client_auth_san_dns: '*.example' }],
    ['every name below a domain', { ...TLS, tls_client_auth_san_dns: '.example' }],
    ['a relative URI', { ...TLS, tls_client_auth_san_uri: '/frontend' }],
    ['an IP address that is none', { ...TLS, tls_client_auth_san_ip: '10.0.0' }],
    ['an email address that is none', { ...TLS, tls_client_auth_san_email: 'frontend' }],
  ]);

  it('are refused without the keys that they belong to (RFC 8705 §2.2.2)', async () => {
    expect(await refusal(SELF_SIGNED)).toEqual(['invalid_client_metadata', expect.stringMatching(/^jwks or jwks_uri/)]);
    expect(await refusal({ ...SELF_SIGNED, ...signing(ecKey) })).toEqual([
      'invalid_client_metadata',
      expect.stringMatching(/^jwks must have a key with a certificate/),
    ]);
  });

  refuses('RFC 7800 §3.1', [['two bindings of tokens', { dpop_bound_access_tokens: true, ...BOUND }]]);
});
