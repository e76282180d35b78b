import { testDatabase } from '@trefoil/testing';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const document = async () => (await request(provider, '/docs-json')).body;

describe('the documentation of the account API', () => {
  it('lists the routes of the account API, those of the admin API and no others', async () => {
    const { paths } = await document();
    const isAdmin = (path: string) => path.startsWith('/api/admin/');
    expect(Object.keys(paths).some(isAdmin)).toBe(true);
    expect(
      Object.keys(paths)
        .filter((path) => !isAdmin(path))
        .sort(),
    ).toEqual(['/api/account', '/api/account/events', '/api/events', '/api/usage', '/api/users/{id}']);
  });

  it('names the scope of each route', async () => {
    const { paths } = await document();
    expect(paths['/api/account'].get.security).toEqual([{ user: ['account:read'] }]);
    expect(paths['/api/account'].patch.security).toEqual([{ user: ['account:write'] }]);
    expect(paths['/api/account/events'].get.security).toEqual([{ user: ['account:read'] }]);
    expect(paths['/api/events'].get.security).toEqual([{ user: ['events:read'] }]);
    expect(paths['/api/usage'].get.security).toEqual([{ user: ['events:read'] }]);
    expect(paths['/api/users/{id}'].get.security).toEqual([{ machine: ['directory:read'] }]);
  });

  it('contains the schemas of an account and of a change', async () => {
    const { paths } = await document();
    const account = paths['/api/account'].get.responses['200'].content['application/json'].schema;
    expect(account.properties).toMatchObject({ sub: { type: 'string' }, updated_at: { type: 'integer' } });
    const patch = paths['/api/account'].patch.requestBody.content['application/json'].schema;
    expect(Object.keys(patch.properties)).toEqual(expect.arrayContaining(['name', 'address', 'phone_number']));
    expect(Object.keys(patch.properties)).not.toContain('email');
  });

  it('starts its login at the provider, as the client that is registered for it', async () => {
    const { components } = await document();
    expect(components.securitySchemes.user.flows.authorizationCode).toMatchObject({
      authorizationUrl: `${provider.url}/authorize`,
      tokenUrl: `${provider.url}/token`,
      scopes: { 'account:read': expect.any(String), 'account:write': expect.any(String) },
    });
    const script = await (await fetch(`${provider.url}/docs/swagger-ui-init.js`)).text();
    expect(script).toContain(`${provider.url}/docs/oauth2-redirect.html`);
    expect(script).toContain('"clientId": "api-docs"');
    expect(script).toContain(`"resource": "${provider.url}/api"`);
    // The client is not registered for the scopes of administrators.
    const [, preselected = ''] = /"scopes": (\[[^\]]*\])/.exec(script) ?? [];
    expect(JSON.parse(preselected)).toEqual(['account:read', 'account:write']);
    expect((await fetch(`${provider.url}/docs/oauth2-redirect.html`)).status).toBe(200);
  });
});
