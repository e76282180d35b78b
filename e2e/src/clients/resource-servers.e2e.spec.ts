import { waitUntil } from '@trefoil/local-stack';
import { demoClients, stackUrls } from '@trefoil/testing';
import { fileURLToPath } from 'node:url';
import { findAuthlib, pythonOptions } from './authlib/find-authlib.js';
import { ExampleServer } from './resource-servers/resource-server.js';

const example = (path: string) => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
const { clientId, clientSecret } = demoClients.marketingSync;
const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;

/** Sends a form to the provider as the machine client. */
const post = (path: string, form: Record<string, string>) =>
  fetch(`${stackUrls().provider}${path}`, {
    method: 'POST',
    headers: { authorization: basic },
    body: new URLSearchParams(form),
  });

async function newToken(): Promise<string> {
  const resource = stackUrls().backend ?? '';
  const answer = await post('/token', { grant_type: 'client_credentials', scope: 'contacts:export', resource });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const python = findAuthlib();
const servers: [string, readonly string[] | undefined][] = [
  ['plain Node', [process.execPath, example('verify-in-node/src/server.mjs')]],
  ['Python', python === undefined ? undefined : [python, ...pythonOptions, example('verify-in-python/server.py')]],
];

describe.each(servers)('the example of a resource server in %s', (language, command) => {
  if (command === undefined) {
    it.skip(`is tested (no Authlib for ${language}: install python3-authlib and python3-requests)`, () => undefined);
    return;
  }
  let server: ExampleServer;

  beforeAll(async () => {
    server = await ExampleServer.start(command, {
      ISSUER: stackUrls().provider ?? '',
      AUDIENCE: stackUrls().backend ?? '',
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
    });
  });
  afterAll(() => server.stop());

  /** Returns the status of the answer and its challenge. */
  async function ask(path: string, authorization?: string) {
    const { status, headers } = await fetch(server.url + path, {
      headers: { ...(authorization && { authorization }) },
    });
    return [status, headers.get('www-authenticate')];
  }

  it('accepts a token with the scope of the route, and refuses one without it with 403 (RFC 6750 §3.1)', async () => {
    const token = await newToken();
    expect(await ask('/contacts', `Bearer ${token}`)).toEqual([200, null]);
    expect(await ask('/reports', `Bearer ${token}`)).toEqual([
      403,
      expect.stringMatching(/^Bearer realm="example", error="insufficient_scope", .*scope="reports:read"$/),
    ]);
  });

  it('challenges a request without a token, and names no error (RFC 6750 §3.1)', async () => {
    expect(await ask('/contacts')).toEqual([401, 'Bearer realm="example"']);
    expect(await ask('/contacts', 'Bearer')).toEqual([400, expect.stringContaining('error="invalid_request"')]);
  });

  it('refuses a token with another payload or signature, and one that is not a JWT', async () => {
    const [header, payload = '', signature = ''] = (await newToken()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, scope: 'reports:read' })).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const token of [`${header}.${changed}.${signature}`, `${unsigned}.${payload}.`, 'opaque']) {
      const [status, challenge] = await ask('/contacts', `Bearer ${token}`);
      expect([status, challenge]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
    }
  });

  it('refuses a revoked token, which it learns by introspection (RFC 7009 §2, RFC 7662 §2.2)', async () => {
    const token = await newToken();
    expect(await ask('/contacts', `Bearer ${token}`)).toEqual([200, null]);
    expect((await post('/revoke', { token })).status).toBe(200);
    const isRefused = async () => (await ask('/contacts', `Bearer ${token}`))[0] === 401;
    expect(await waitUntil(isRefused, { timeout: 10_000 })).toBe(true);
  });
});
