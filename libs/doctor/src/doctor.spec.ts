import type { JsonWebKey } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { runDoctor } from './run-doctor.js';
import { json, page, redirect } from './testing/replies.js';
import {
  type Authorities,
  createAuthorities,
  type Faults,
  type SmallInstallation,
  startSmallInstallation,
} from './testing/small-installation.js';

const DAY = 24 * 3600 * 1000;

let authorities: Authorities;
let installation: SmallInstallation | undefined;

beforeAll(async () => {
  authorities = await createAuthorities();
});
afterEach(() => {
  installation?.close();
  installation = undefined;
});

async function run(args: readonly string[]): Promise<{ code: number; out: string; errors: string }> {
  const written = { out: '', errors: '' };
  const code = await runDoctor(args, {
    write: (text) => (written.out += text),
    note: (text) => (written.errors += text),
  });
  return { code, ...written };
}

/** Examines an installation with faults. Returns the exit code and the rules that it breaks, with what is wrong. */
async function examine(faults: Faults): Promise<{ code: number; findings: string[] }> {
  installation = await startSmallInstallation(authorities, faults);
  const { code, out } = await run([...installation.args, '--json']);
  const { findings } = JSON.parse(out) as { findings: { rule: string; what: string }[] };
  return { code, findings: findings.map(({ rule, what }) => `${rule}: ${what}`) };
}

const lasting = (from: number, to: number) => ({
  notBefore: new Date(Date.now() + from * DAY),
  notAfter: new Date(Date.now() + to * DAY),
});

it('has no finding about an installation without faults', async () => {
  expect(await examine({})).toEqual({ code: 0, findings: [] });
});

const faults: [fault: string, faults: Faults, finding: string][] = [
  [
    'metadata of another issuer',
    { metadata: () => ({ issuer: 'https://other.example.com' }) },
    'issuer-equality: The metadata names another issuer, which differs in the host or port.',
  ],
  [
    'an issuer with a trailing slash',
    { metadata: ({ provider }) => ({ issuer: `${provider}/` }) },
    'issuer-equality: The metadata names another issuer, which differs in the trailing slash.',
  ],
  [
    'an issuer with another scheme',
    { metadata: ({ provider }) => ({ issuer: provider.replace('https', 'http') }) },
    'issuer-equality: The metadata names another issuer, which differs in the scheme.',
  ],
  [
    'an issuer in upper case',
    { metadata: ({ provider }) => ({ issuer: provider.toUpperCase() }) },
    'issuer-equality: The metadata names another issuer, which differs in upper and lower case.',
  ],
  [
    'an expired certificate',
    { certificate: ({ issuing }) => issuing.issueServer('server', ['localhost'], lasting(-2, -1)) },
    'certificate-expiry: A certificate of localhost has expired.',
  ],
  [
    'a certificate that is not valid yet',
    { certificate: ({ issuing }) => issuing.issueServer('server', ['localhost'], lasting(1, 90)) },
    'certificate-expiry: A certificate of localhost is not valid yet.',
  ],
  [
    'a certificate that expires soon',
    { certificate: ({ issuing }) => issuing.issueServer('server', ['localhost'], lasting(-1, 10.5)) },
    'certificate-expiry: A certificate of localhost expires in 10 days.',
  ],
  [
    'a certificate for another host',
    { certificate: ({ issuing }) => issuing.issueServer('server', ['other.example.com']) },
    'certificate-names: The certificate that localhost presents is not for localhost.',
  ],
  [
    'a certificate without the authority above it',
    {
      certificate: async ({ issuing }) => {
        const { certificate, key } = await issuing.issueServer('server', ['localhost']);
        return { certificate: certificate.replace(/(-----END CERTIFICATE-----)[^]*/, '$1\n'), key };
      },
    },
    'certificate-chain: localhost sends its own certificate only, and its issuer is not among the trusted authorities.',
  ],
  [
    'a certificate of an authority that is not trusted',
    { certificate: async () => (await createAuthorities()).issuing.issueServer('server', ['localhost']) },
    'certificate-trust: The certificate of localhost is not issued by an authority that is trusted here (UNABLE_TO_GET_ISSUER_CERT_LOCALLY).',
  ],
  [
    'a server that accepts TLS 1.1',
    { tls: { minVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } },
    'tls-versions: localhost accepts TLS 1.0 or 1.1.',
  ],
  [
    'a clock that is two minutes ahead',
    { clockAhead: 120 },
    'clock: The clock of https://localhost:<port> is <some> seconds ahead.',
  ],
  [
    'two metadata documents that differ',
    { oauthMetadata: { response_types_supported: ['code', 'code id_token'] } },
    'metadata-documents: The two metadata documents differ in response_types_supported.',
  ],
  [
    'metadata without a required member',
    { metadata: () => ({ subject_types_supported: undefined }) },
    'required-metadata: The metadata lacks subject_types_supported.',
  ],
  [
    'an HTML page in place of an endpoint',
    { routes: { 'POST /token': page(404, 'Not found') } },
    'endpoint-answers: token_endpoint does not answer as <section> says.',
  ],
  [
    'a backend that trusts another issuer',
    { resource: { authorization_servers: ['https://other.example.com'] } },
    'resource-metadata: The backend does not name this issuer.',
  ],
  [
    'a backend that names another resource',
    { resource: { resource: 'https://other.example.com' } },
    'resource-metadata: The backend names another resource than itself.',
  ],
  [
    'an algorithm without a key',
    { keys: (keys) => keys.filter(({ alg }) => alg !== 'ES256') },
    'key-algorithms: The metadata advertises ES256, and no published key is for it.',
  ],
  [
    'a private key in the JWK set',
    { keys: (keys) => [...keys, { kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA', kid: 'three' }] },
    'keys-public: A private key or a shared secret is published.',
  ],
  [
    'a key that cannot be used',
    { keys: (keys) => [...keys, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'three' }] },
    'keys-usable: A published key cannot be used.',
  ],
  [
    'two keys with one kid',
    { keys: (keys) => keys.map((key): JsonWebKey => ({ ...key, kid: 'one' })) },
    'key-ids: Two keys have the same kid.',
  ],
  [
    'old keys that stay published',
    { keys: (keys) => [...keys, ...['a', 'b', 'c'].map((kid): JsonWebKey => ({ ...keys[0], kid }))] },
    'key-rotation: 4 keys are published for ES256 sig.',
  ],
  [
    'the password grant',
    { metadata: () => ({ grant_types_supported: ['authorization_code', 'password'] }) },
    'grant-types: The metadata offers the grant type password.',
  ],
  [
    'access tokens from the authorization endpoint',
    { metadata: () => ({ response_types_supported: ['code', 'id_token token'] }) },
    'grant-types: The authorization endpoint issues access tokens (response type id_token token).',
  ],
  [
    'the PKCE method plain',
    { metadata: () => ({ code_challenge_methods_supported: ['S256', 'plain'] }) },
    'pkce-methods: The metadata offers the PKCE method plain.',
  ],
  [
    'unsigned ID tokens',
    { metadata: () => ({ id_token_signing_alg_values_supported: ['ES256', 'none'] }) },
    'signature-algorithms: id_token_signing_alg_values_supported allows none, which is no signature.',
  ],
  [
    'responses without their issuer',
    { metadata: () => ({ authorization_response_iss_parameter_supported: undefined }) },
    'issuer-in-responses: The metadata does not promise iss in authorization responses.',
  ],
  [
    'client authentication with secrets only',
    { metadata: () => ({ token_endpoint_auth_methods_supported: ['client_secret_basic'] }) },
    'client-authentication: The token endpoint offers no authentication with a key.',
  ],
  [
    'credentials of every origin',
    {
      routes: {
        'POST /token': json(
          401,
          { error: 'invalid_client' },
          { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' },
        ),
      },
    },
    'cross-origin: token_endpoint allows requests with credentials from every origin.',
  ],
  [
    'a stack trace in an error',
    {
      routes: {
        'POST /token': json(400, {
          error: 'invalid_request',
          trace: 'Error: at grant (/srv/node_modules/provider/token.js:10:3)',
        }),
      },
    },
    'error-texts: An error response contains the inside of the server.',
  ],
  [
    'a frontend that signs in at another issuer',
    { metadata: ({ provider }) => ({ authorization_endpoint: `${provider}/login` }) },
    'sign-in-request: The frontend signs in at another issuer.',
  ],
  ['a frontend without a nonce', { signIn: () => ({ nonce: '' }) }, 'sign-in-request: The frontend sends no nonce.'],
  [
    'a frontend that uses the PKCE method plain',
    { signIn: () => ({ code_challenge_method: 'plain' }) },
    'sign-in-request: The frontend does not use PKCE with S256.',
  ],
  [
    'a redirect URI with plain HTTP',
    { signIn: ({ frontend }) => ({ redirect_uri: `${frontend.replace('https', 'http')}/callback` }) },
    'redirect-uri: The redirect URI of the frontend is not https.',
  ],
  [
    'a redirect URI at another host',
    { signIn: () => ({ redirect_uri: 'https://other.example.com/callback' }) },
    'redirect-uri: The redirect URI of the frontend is at another host.',
  ],
  [
    'a cookie without Secure',
    { routes: { 'GET /login': page(200, 'Sign in', { 'set-cookie': ['session=1; HttpOnly; SameSite=Lax'] }) } },
    'cookies: The cookie session lacks Secure.',
  ],
  [
    'a page that can be framed',
    { routes: { 'GET /login': page(200, 'Sign in', { 'content-security-policy': "default-src 'none'" }) } },
    'page-headers: https://localhost:<port>/login can be put into a frame of any site.',
  ],
  [
    'a header with the version of the software',
    { routes: { 'GET /userinfo': json(401, {}, { 'www-authenticate': 'Bearer', server: 'nginx/1.22.1' }) } },
    'version-banners: https://localhost:<port> names its software in a header.',
  ],
];

/** Replaces ports and times, and sections, which would list this file in docs/conformance.md. */
const withoutNumbers = (text: string) =>
  text
    .replace(/localhost:\d+/, 'localhost:<port>')
    .replace(/\d+ seconds/, '<some> seconds')
    .replace(/RFC \d+ §[\d.]*\d/, '<section>');

it.each(faults)('finds %s', async (_fault, faulty, finding) => {
  const { code, findings } = await examine(faulty);
  expect(code).toBe(1);
  expect(findings.map(withoutNumbers)).toEqual([finding]);
});

it.each(['no PKCE', 'an unsigned request object'])(
  'finds a redirect to a foreign site after a request with %s',
  async (kind) => {
    const { findings } = await examine({
      routes: {
        'GET /authorize': (request, response) => {
          const { searchParams } = new URL(request.url ?? '', 'https://localhost');
          const isJudged = searchParams.has('request') === (kind !== 'no PKCE');
          const target = `${searchParams.get('redirect_uri') ?? ''}?error=unauthorized_client`;
          (isJudged ? redirect(target) : page(400, 'This client is not registered'))(request, response);
        },
      },
    });
    expect(findings).toContain(
      `open-redirect: A request of an unknown client with ${kind} is answered by a redirect to a foreign site.`,
    );
  },
);

it('finds an endpoint that is not reachable', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const url = `https://localhost:${port}/introspect`;
  const { findings } = await examine({ metadata: () => ({ introspection_endpoint: url }) });
  expect(findings).toEqual(['endpoint-reachability: An address does not answer.']);
});

it('finds an endpoint with plain HTTP', async () => {
  const { findings } = await examine({
    metadata: ({ provider }) => ({ token_endpoint: `${provider.replace('https', 'http')}/token` }),
  });
  expect(findings).toContain('https-only: token_endpoint is not an https URL.');
});

it('examines a provider that publishes only the metadata of OAuth, and says what it skipped', async () => {
  const { urls, args } = (installation = await startSmallInstallation(authorities, {
    routes: { 'GET /.well-known/openid-configuration': json(404, {}) },
  }));
  const { code, out } = await run([urls.provider, ...args.slice(-2)]);
  expect(code).toBe(0);
  expect(out).toContain('- resource-metadata: skipped. No backend was given (--backend).');
  expect(out).toContain('- sign-in-request: skipped. No frontend was given (--frontend).');
});
