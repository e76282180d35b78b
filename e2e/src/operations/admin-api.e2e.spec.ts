import { type Stack, startTemporaryStack, waitUntil } from '@trefoil/local-stack';
import { runTrefoil } from './run-trefoil.js';

const REPORTS = 'https://reports.example';

describe('a machine that manages the installation by the admin API', () => {
  let stack: Stack;
  let adminToken: string;

  beforeAll(async () => {
    stack = await startTemporaryStack();
    const { client_secret } = await create(
      ...['client', 'create', '--id', 'terraform', '--name', 'Terraform', '--grant-type', 'client_credentials'],
      ...['--scope', 'admin:read admin:write'],
    );
    const { status, body } = await tokenFor('terraform', client_secret, 'admin:read admin:write');
    expect([status, body.scope]).toEqual([200, 'admin:read admin:write']);
    adminToken = body.access_token;
  }, 120_000);
  afterAll(() => stack.stop());

  /** Runs a command that creates something. Returns its answer. */
  async function create(...args: string[]): Promise<{ client_secret: string }> {
    const { exitCode, out, notes } = await runTrefoil(stack, ...args, '--json');
    expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: '' });
    return JSON.parse(out) as { client_secret: string };
  }

  async function tokenFor(clientId: string, secret: string, scope: string) {
    const answer = await fetch(`${stack.urls.provider}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    const body = (await answer.json()) as { access_token: string; scope: string; expires_in: number; error: string };
    return { status: answer.status, body };
  }

  async function ask(method: string, path: string, body?: object) {
    const answer = await fetch(`${stack.urls.provider}/api/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: JSON.parse(text || '{}') as Record<string, unknown> };
  }

  it('registers a resource server and a client, which gets tokens until the server is deleted', async () => {
    const server = await ask('POST', 'resource-servers', {
      identifier: REPORTS,
      name: 'Reports',
      scopes: [{ name: 'reports:read', description: 'read all reports', granted_to: ['machines'] }],
      user_clients: [],
    });
    expect(server.status).toBe(201);
    const client = await ask('POST', 'clients', {
      client_id: 'reporter',
      client_name: 'Reporter',
      grant_types: ['client_credentials'],
      scope: 'reports:read',
    });
    expect(client.status).toBe(201);
    const token = () => tokenFor('reporter', String(client.body.client_secret), 'reports:read');
    const first = await token();
    expect(first).toMatchObject({ status: 200, body: { scope: 'reports:read', expires_in: 600 } });
    const [, payload = ''] = first.body.access_token.split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ aud: REPORTS, sub: 'reporter' });

    const path = `resource-servers/${String(server.body.id)}`;
    expect((await ask('PATCH', path, { access_token_lifetime: 60 })).status).toBe(200);
    expect((await token()).body.expires_in).toBe(60);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await token()).body.error).toBe('invalid_scope');
  });

  it('revokes the tokens of another client, also at the backend', async () => {
    const { body } = await tokenFor('marketing-sync', 'marketing-sync-demo-secret', 'contacts:export');
    const opens = async () => {
      const authorization = `Bearer ${body.access_token}`;
      const answer = await fetch(`${stack.urls.backend}/v1/exports/contacts`, { headers: { authorization } });
      await answer.text();
      return answer.status === 200;
    };
    expect(await opens()).toBe(true);
    expect((await ask('POST', 'revocations', { client: 'marketing-sync' })).status).toBe(200);
    expect(await waitUntil(async () => !(await opens()), { timeout: 10_000 })).toBe(true);
  });

  it('loses its access when its own tokens are revoked', async () => {
    await runTrefoil(stack, 'revoke', '--client', 'terraform', '--yes');
    expect(
      await waitUntil(async () => (await ask('GET', 'resource-servers')).status === 401, { timeout: 10_000 }),
    ).toBe(true);
  });
});
