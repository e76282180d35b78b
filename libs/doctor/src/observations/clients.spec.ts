import { runDoctor } from '../run-doctor.js';
import { json, type Reply } from '../testing/replies.js';
import {
  type Authorities,
  createAuthorities,
  type Faults,
  type SmallInstallation,
  startSmallInstallation,
} from '../testing/small-installation.js';

const DAY = 24 * 3600 * 1000;
const TOKEN = 'token-of-an-administrator';
const SHOP = {
  client_id: 'shop',
  security_profile: 'oauth2.1',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['authorization_code'],
  redirect_uris: ['https://shop.example.com/callback'],
  disabled_at: null,
};

let authorities: Authorities;
let installation: SmallInstallation | undefined;
let authorizations: (string | undefined)[] = [];

beforeAll(async () => {
  authorities = await createAuthorities();
});
afterEach(() => {
  installation?.close();
  installation = undefined;
  authorizations = [];
});

const guarded =
  (reply: Reply): Reply =>
  (request, response) => {
    authorizations.push(request.headers.authorization);
    (request.headers.authorization === `Bearer ${TOKEN}` ? reply : json(401, { error: 'invalid_token' }))(
      request,
      response,
    );
  };

const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

/** Returns the routes of an admin API with one client on its second page. */
const adminApi = (client: object, secret: object = { created_at: ago(1), last_used_at: null, expires_at: null }) => ({
  'GET /api/admin/clients': guarded((request, response) => {
    const isSecond = (request.url ?? '').includes('cursor=second');
    json(200, isSecond ? { items: [client], nextCursor: null } : { items: [], nextCursor: 'second' })(
      request,
      response,
    );
  }),
  'GET /api/admin/clients/shop/secrets': guarded(json(200, { items: [secret] })),
});

interface Outcome {
  readonly findings: string[];
  readonly reasons: (string | undefined)[];
}

async function examine(faults: Faults, token?: string): Promise<Outcome> {
  installation = await startSmallInstallation(authorities, faults);
  let out = '';
  await runDoctor([...installation.args, '--json'], { write: (text) => void (out += text), note: () => {} }, token);
  const report = JSON.parse(out) as {
    findings: { rule: string; what: string }[];
    rules: { group: string; reason?: string }[];
  };
  return {
    findings: report.findings.map(({ rule, what }) => `${rule}: ${what}`),
    reasons: report.rules.filter(({ group }) => group === 'Clients').map(({ reason }) => reason),
  };
}

it('has no finding about a client that follows the rules', async () => {
  expect(await examine({ routes: adminApi(SHOP) }, TOKEN)).toEqual({
    findings: [],
    reasons: [undefined, undefined, undefined],
  });
});

const unused = { created_at: ago(200), last_used_at: ago(100), expires_at: null };

it.each<[string, object, object | undefined, string]>([
  [
    'a redirect URI with plain HTTP',
    { ...SHOP, redirect_uris: ['http://shop.example.com/callback'] },
    undefined,
    'client-redirect-uris: A redirect URI of shop is not safe.',
  ],
  [
    'a method that the security profile forbids',
    { ...SHOP, security_profile: 'fapi2' },
    undefined,
    'client-profiles: The client shop authenticates with client_secret_basic, which its profile forbids.',
  ],
  [
    'a machine client without authentication',
    { ...SHOP, token_endpoint_auth_method: 'none', grant_types: ['client_credentials'], redirect_uris: [] },
    undefined,
    'client-profiles: The client shop gets tokens for itself without authentication.',
  ],
  ['a secret that is not used', SHOP, unused, 'client-secrets: A secret of the client shop was not used for 100 days.'],
])('finds %s', async (_fault, client, secret, finding) => {
  expect((await examine({ routes: adminApi(client, secret) }, TOKEN)).findings).toEqual([finding]);
});

it('accepts an old secret that has expired, and every client that is disabled', async () => {
  const expired = { ...unused, expires_at: ago(1) };
  expect((await examine({ routes: adminApi(SHOP, expired) }, TOKEN)).findings).toEqual([]);
  installation?.close();
  const disabled = { ...SHOP, redirect_uris: ['http://shop.example.com'], disabled_at: ago(1) };
  expect((await examine({ routes: adminApi(disabled) }, TOKEN)).findings).toEqual([]);
});

it.each<[string, Faults, string | undefined, string]>([
  ['there is no token', { routes: adminApi(SHOP) }, undefined, 'DOCTOR_TOKEN is not set.'],
  ['the token is refused', { routes: adminApi(SHOP) }, 'other', 'The admin API refused DOCTOR_TOKEN (401).'],
  ['the issuer has no admin API', {}, TOKEN, 'The issuer has no admin API (404).'],
])('says that the rules about clients are skipped when %s', async (_what, faults, token, reason) => {
  expect(await examine(faults, token)).toEqual({ findings: [], reasons: [reason, reason, reason] });
});

it('sends the token to no server whose certificate is not trusted', async () => {
  const certificate = async () => (await createAuthorities()).issuing.issueServer('server', ['localhost']);
  const { reasons } = await examine({ certificate, routes: adminApi(SHOP) }, TOKEN);
  expect(reasons[0]).toBe('DOCTOR_TOKEN was not sent, because the certificate of the issuer is not trusted.');
  expect(authorizations).toEqual([]);
});
