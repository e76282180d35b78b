import { testDatabase } from '@trefoil/testing';
import { demoUsers } from '../../demo/demo-data.js';
import { givenAdminMachineToken, givenAdminToken } from '../../testing/admin-requests.js';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const PATH = '/api/admin/signing-keys';
const ALICE = demoUsers[0]?.id;

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

describe('the admin API', () => {
  it('is open to an administrator and to a machine, and its answers are not stored', async () => {
    for (const token of [await givenAdminToken(provider), await givenAdminMachineToken(provider)]) {
      const { status, headers, body } = await request(provider, PATH, { token });
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body.items).toHaveLength(4);
    }
  });

  it('answers 401 to a request without a token (RFC 6750 §3)', async () => {
    expect((await request(provider, PATH)).status).toBe(401);
  });

  it('refuses a user with the scope who is not an administrator', async () => {
    const token = await givenAdminToken(provider, { userId: ALICE });
    const { status, body } = await request(provider, PATH, { token });
    expect([status, body.detail]).toEqual([403, 'Only administrators may do this.']);
  });

  it('refuses an administrator from the moment on which they are none any more', async () => {
    const token = await givenAdminToken(provider);
    const set = (administrator: boolean) =>
      provider.dataSource.query(`UPDATE users SET administrator = $1 WHERE email = 'admin@example.com'`, [
        administrator,
      ]);
    await set(false);
    expect((await request(provider, PATH, { token })).status).toBe(403);
    await set(true);
    expect((await request(provider, PATH, { token })).status).toBe(200);
  });

  it('refuses an administrator and a machine without the scope (RFC 6750 §3.1)', async () => {
    for (const token of [
      await givenAdminToken(provider, { scopes: ['admin:write'] }),
      await givenAdminMachineToken(provider, ['admin:write']),
    ]) {
      const { status, headers } = await request(provider, PATH, { token });
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toContain('scope="admin:read", error="insufficient_scope"');
    }
  });

  it('opens what reads with admin:read and what changes with admin:write, to administrators and to machines', async () => {
    const { body } = await request(provider, '/docs-json');
    const operations = Object.entries<Record<string, { security: unknown }>>(body.paths)
      .filter(([path]) => path.startsWith('/api/admin/'))
      .flatMap(([, methods]) => Object.entries(methods));
    expect(operations.length).toBeGreaterThan(0);
    for (const [method, { security }] of operations) {
      const scope = method === 'get' ? 'admin:read' : 'admin:write';
      expect(security).toEqual([{ user: [scope] }, { machine: [scope] }]);
    }
  });

  it('gives its scopes to no client that registers itself (RFC 7591 §3.2.2)', async () => {
    for (const metadata of [
      { redirect_uris: ['https://app.example/cb'], scope: 'openid admin:read' },
      { grant_types: ['client_credentials'], response_types: [], scope: 'admin:write' },
    ]) {
      const { status, body } = await request(provider, '/register', {
        method: 'POST',
        body: JSON.stringify(metadata),
        headers: { 'content-type': 'application/json' },
        token: 'demo-initial-access-token',
      });
      expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    }
  });
});
