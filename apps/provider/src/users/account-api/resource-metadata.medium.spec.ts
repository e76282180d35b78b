import { testDatabase } from '@trefoil/testing';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const PATH = '/.well-known/oauth-protected-resource/api';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

describe('the metadata of the account API as a protected resource', () => {
  it('is public, also for pages of other origins (RFC 9728 §3.1)', async () => {
    const { status, headers, body } = await request(provider, PATH, { headers: { origin: 'https://spa.example' } });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body).toMatchObject({
      resource: `${provider.url}/api`,
      authorization_servers: [provider.url],
      scopes_supported: [
        ...['account:read', 'account:write', 'events:read', 'admin:read', 'admin:write'],
        ...['directory:read', 'ssf.manage', 'ssf.read'],
      ],
    });
  });

  it('is named in challenges (RFC 9728 §5.1)', async () => {
    const { headers } = await request(provider, '/api/account');
    expect(headers.get('www-authenticate')).toContain(`resource_metadata="${provider.url}${PATH}"`);
  });
});
