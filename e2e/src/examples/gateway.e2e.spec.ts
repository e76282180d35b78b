import {
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  type Stack,
  startTemporaryStack,
  waitUntil,
} from '@trefoil/local-stack';
import { ensurePki } from '@trefoil/pki';
import { demoUsers, RelyingParty } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runTrefoil } from '../operations/run-trefoil.js';
import { readGuide, replaceValues } from '../operations/guide.js';
import { Gateway, type GatewayRequest, hasNginx } from './gateway.js';

const guide = new URL('../../../docs/examples/gateway.md', import.meta.url);
const INVOICES = 'https://invoices.example';
const root = fileURLToPath(new URL('../../..', import.meta.url));

const describeWithNginx = hasNginx() ? describe : describe.skip;

describeWithNginx(`the example gateway${hasNginx() ? '' : ' (no nginx: install nginx-light)'}`, () => {
  let gateway: Gateway;
  let stack: Stack;
  /** The output of the commands of the guide, by their heading. */
  let printed: Record<string, string>;

  beforeAll(async () => {
    const settings = { TRUSTED_PROXIES: '127.0.0.2', CLIENT_CERTIFICATE_HEADER: 'Client-Cert' };
    const environment = { provider: settings, backend: settings };
    stack = await startTemporaryStack({ only: ['provider', 'backend'], environment });
    gateway = await Gateway.prepare(dirname(stack.environments.provider.CLIENT_CA_PATH ?? ''));
    await gateway.start(stack.urls.provider, stack.urls.backend);
    printed = await followGuide();
  }, 180_000);
  afterAll(async () => {
    await gateway.stop();
    await stack.stop();
  });

  /** Runs the commands of the guide, except those that start the demo and the gateway. */
  async function followGuide(): Promise<Record<string, string>> {
    const all = readGuide(guide, 'Try it').filter(({ commands }) => !/^npm start$|^npm run example/m.test(commands));
    const blocks = replaceValues(all, {
      'npm run trefoil --': 'node tools/trefoil.mjs',
      'https://localhost:8443': gateway.url,
      '.local/pki': gateway.pki(''),
    });
    const output: Record<string, string> = {};
    let before = '';
    for (const { heading, commands } of blocks) {
      // Later blocks use the functions and variables of earlier ones.
      const script = `exec 3>&1 >/dev/null\n${before}\nexec >&3\n${commands}`;
      const options = { cwd: root, env: { ...process.env, ...stack.environments.provider } };
      output[heading] = (await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], options)).stdout;
      if (heading.startsWith('Be ')) before += commands;
    }
    return output;
  }

  /** Sends a form to an endpoint of the provider. */
  const post = (path: string, parameters: Record<string, string>, request: GatewayRequest = {}) =>
    gateway.send(path, {
      method: 'POST',
      body: new URLSearchParams(parameters).toString(),
      ...request,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...request.headers },
    });
  const tokenOf = async (scope: string, request: GatewayRequest = {}, more: Record<string, string> = {}) => {
    const { body } = await post('/token', { grant_type: 'client_credentials', scope, ...more }, request);
    return String(JSON.parse(body).access_token);
  };
  const marketing = {
    headers: { authorization: `Basic ${btoa('marketing-sync:marketing-sync-demo-secret')}` },
  };
  const bookkeeping = { headers: { authorization: `Basic ${btoa('bookkeeping:bookkeeping-example-secret')}` } };
  const boundToken = (scope = 'invoices:read', resource = INVOICES) =>
    tokenOf(scope, { certificateOf: 'frontend', ...bookkeeping }, { resource });
  const userToken = async () => {
    const redirectUri = `${stack.urls.backend}/docs/oauth2-redirect.html`;
    const client = await RelyingParty.discover({ issuer: stack.urls.provider, clientId: 'api-docs', redirectUri });
    const parameters = { resource: stack.urls.backend };
    return (await client.signIn({ ...demoUsers.alice, scope: 'openid contacts:read', parameters })).access_token;
  };
  const bearer = (token: string, more: Record<string, string> = {}) => ({ authorization: `Bearer ${token}`, ...more });
  const escaped = (app: string) =>
    encodeURIComponent(
      /-----BEGIN[^]*?-----END CERTIFICATE-----\n/.exec(readFileSync(gateway.pki(`${app}/client.pem`), 'utf8'))?.[0] ??
        '',
    );

  it('does what its guide says', () => {
    expect(printed['Be a client with a secret']).toMatch(/"token-subject": "marketing-sync"/);
    expect(printed['Be a client with a secret']).not.toMatch(/authorization/i);
    expect(printed['Be refused']?.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 401']);
    expect(printed['Be a client with a certificate']).toMatch(/"token-client": "bookkeeping"[^]*HTTP\/1.1 401/);
  });

  it('lets a token through that the backend accepts, and tells the API whose it is without the token', async () => {
    const headers = bearer(await tokenOf('contacts:export', marketing), {
      'token-subject': 'alice',
      'x-client-cert': 'x',
    });
    const { status, body } = await gateway.send('/reports/2026?quarter=1', { headers });
    const seen = JSON.parse(body);
    expect({ status, url: seen.url }).toEqual({ status: 200, url: '/reports/2026?quarter=1' });
    expect(seen.headers).toMatchObject({ 'token-subject': 'marketing-sync', 'token-client': 'marketing-sync' });
    expect(Object.keys(seen.headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(authorization|client-cert|x-client-cert)$/)]),
    );
  });

  it.each(['/reports/2026', '/invoices/7'])('asks for a token when there is none: %s (RFC 6750 §3)', async (path) => {
    for (const headers of [{}, { authorization: 'Basic YTpi' }] as Record<string, string>[]) {
      const { status, challenge } = await gateway.send(path, { headers });
      expect({ status, challenge }).toEqual({ status: 401, challenge: expect.stringMatching(/^Bearer realm="\w+"/) });
      expect(challenge).not.toMatch(/error=|\n/);
    }
  });

  it.each(['/reports/2026', '/invoices/7'])('refuses a token that is not valid: %s (RFC 6750 §3.1)', async (path) => {
    const token = await tokenOf('contacts:export', marketing);
    for (const wrong of [`${token.slice(0, -4)}AAAA`, 'opaque']) {
      const { status, challenge } = await gateway.send(path, { headers: bearer(wrong) });
      expect({ status, challenge }).toEqual({
        status: 401,
        challenge: expect.stringContaining('error="invalid_token"'),
      });
    }
    const malformed = await gateway.send(path, { headers: { authorization: 'Bearer a b' } });
    expect([malformed.status, malformed.challenge]).toEqual([400, expect.stringContaining('error="invalid_request"')]);
  });

  it('refuses a token of another API at each path (RFC 8707 §2)', async () => {
    const answers = [
      await gateway.send('/invoices/7', { headers: bearer(await tokenOf('contacts:export', marketing)) }),
      await gateway.send('/reports/1', { headers: bearer(await boundToken()), certificateOf: 'frontend' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('refuses a token without the scope, and passes the challenge of the check on (RFC 6750 §3.1)', async () => {
    const writing = await boundToken('invoices:write');
    const answers = {
      'invoices:read': await gateway.send('/invoices/7', { headers: bearer(writing), certificateOf: 'frontend' }),
      'contacts:export': await gateway.send('/reports/1', { headers: bearer(await userToken()) }),
    };
    for (const [scope, { status, challenge }] of Object.entries(answers)) {
      expect({ status, challenge }).toEqual({ status: 403, challenge: expect.stringContaining(`scope="${scope}"`) });
      expect(challenge).toContain('error="insufficient_scope"');
    }
  });

  it.each([
    ['/invoices/7', 'invoices:read', INVOICES],
    ['/v1/exports/contacts', 'contacts:export', undefined],
    ['/reports/2026', 'contacts:export', undefined],
  ])('accepts a bound token with its certificate only: %s (RFC 8705 §3)', async (path, scope, resource) => {
    const token = await boundToken(scope, resource ?? stack.urls.backend);
    const send = (certificateOf?: string, more: Record<string, string> = {}) =>
      gateway.send(path, { headers: bearer(token, more), certificateOf });
    const statuses = [
      (await send('frontend')).status,
      (await send('backend')).status,
      (await send()).status,
      (await send('backend', { 'client-cert': escaped('frontend') })).status,
      (await send(undefined, { 'client-cert': escaped('frontend') })).status,
      (await send(undefined, { client_cert: escaped('frontend') })).status,
    ];
    expect(statuses).toEqual([200, 401, 401, 401, 401, 401]);
  });

  it('accepts a client with its certificate, and refuses one that claims it in a header (RFC 8705 §2.1, RFC 9440 §4)', async () => {
    const registration = ['--id', 'auditor', '--name', 'Auditor', '--scope', 'invoices:read', '--certificate-bound'];
    const method = ['--auth-method', 'tls_client_auth', '--tls-san-dns', 'frontend'];
    const grant = ['--grant-type', 'client_credentials'];
    const { exitCode, notes } = await runTrefoil(stack, 'client', 'create', ...registration, ...method, ...grant);
    expect({ exitCode, notes }).toMatchObject({ exitCode: 0 });
    const parameters = { grant_type: 'client_credentials', client_id: 'auditor', scope: 'invoices:read' };
    const send = (request: GatewayRequest) => post('/token', parameters, request);
    expect((await send({ certificateOf: 'frontend' })).status).toBe(200);
    const headers = ['client-cert', 'client_cert', 'x-forwarded-client-cert', 'x-ssl-client-cert'];
    const refused = [
      await send({ certificateOf: 'backend' }),
      ...(await Promise.all(headers.map((name) => send({ headers: { [name]: escaped('frontend') } })))),
      await send({ certificateOf: 'backend', headers: { 'client-cert': escaped('frontend') } }),
    ];
    expect(refused.map(({ status, body }) => [status, JSON.parse(body).error])).toEqual(
      Array(refused.length).fill([401, 'invalid_client']),
    );
  });

  it('is the only one whose header the backend believes (RFC 9440 §4)', async () => {
    const token = await boundToken('contacts:export', stack.urls.backend);
    const headers = bearer(token, { 'client-cert': escaped('frontend') });
    expect((await fetch(`${stack.urls.backend}/v1/exports/contacts`, { headers })).status).toBe(401);
  });

  it('refuses the certificate of another authority', async () => {
    const directory = await makeTemporaryDirectory();
    const { services } = await ensurePki(directory, [{ name: 'frontend', hosts: ['localhost'] }]);
    const { certificate = '', key = '' } = services.frontend?.client ?? {};
    const answer = await gateway.send('/reports/1', { certificate: { cert: certificate, key } });
    removeTemporaryDirectory(directory);
    expect(answer.status).toBe(400);
  });

  it('refuses a token that its client has revoked through the gateway (RFC 7009 §2)', async () => {
    const [other, bound] = [await tokenOf('contacts:export', marketing), await boundToken()];
    const statuses = async () => [
      (await gateway.send('/reports/1', { headers: bearer(other) })).status,
      (await gateway.send('/invoices/7', { headers: bearer(bound), certificateOf: 'frontend' })).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    await post('/revoke', { token: other }, marketing);
    await post('/revoke', { token: bound }, bookkeeping);
    const areRefused = async () => (await statuses()).every((status) => status === 401);
    expect(await waitUntil(areRefused, { timeout: 15_000, every: 100 })).toBe(true);
  });

  it('opens no other path, and no check', async () => {
    const headers = bearer(await tokenOf('contacts:export', marketing));
    const paths = ['/', '/authorize', '/admin', '/metrics', '/v1/contacts', '/v1/access-check', '/check/backend'];
    const answers = await Promise.all(
      [...paths, '/reports/../check/introspection'].map((path) => gateway.send(path, { headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(paths.length + 1).fill(404));
  });

  it('lets nothing through while tokens cannot be checked', async () => {
    const token = await boundToken();
    const other = await tokenOf('contacts:export', marketing);
    await stack.kill('provider');
    await stack.kill('backend');
    const answers = [
      await gateway.send('/invoices/8', { headers: bearer(token), certificateOf: 'frontend' }),
      await gateway.send('/reports/1', { headers: bearer(other) }),
    ];
    expect(answers.map(({ status, headers }) => [status, headers['retry-after']])).toEqual([
      [503, '2'],
      [503, '2'],
    ]);
  });
});
