import { testDatabase } from '@trefoil/testing';
import { request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';

const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

describe('the metadata of the provider', () => {
  it.each([OPENID, OAUTH])('is served at %s, also to pages of other origins', async (path) => {
    const { status, headers, body } = await request(provider, path, { headers: { origin: 'https://spa.example' } });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body.issuer).toBe(provider.url);
  });

  it('is the same at both addresses', async () => {
    expect((await request(provider, OAUTH)).body).toEqual((await request(provider, OPENID)).body);
  });

  it('lists the grant types of the token endpoint and the scopes of the registered resource servers', async () => {
    const { body } = await request(provider, OPENID);
    expect(body.grant_types_supported).toEqual([
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'urn:ietf:params:oauth:grant-type:device_code',
    ]);
    expect(body.scopes_supported).toEqual(expect.arrayContaining(['openid', 'account:read', 'contacts:export']));
  });

  it('names only endpoints that exist', async () => {
    const { body } = await request(provider, OPENID);
    const endpoints = Object.entries<string>(body).filter(([name]) => /_(endpoint|uri)$/.test(name));
    expect(endpoints).not.toHaveLength(0);
    for (const [, url] of endpoints) {
      const [get, post] = await Promise.all([
        fetch(url, { redirect: 'manual' }),
        fetch(url, { method: 'POST', redirect: 'manual' }),
      ]);
      expect([url, get.status === 404 && post.status === 404]).toEqual([url, false]);
    }
  });

  it('is not found for an issuer with another path (RFC 8414 §3.1)', async () => {
    expect((await request(provider, `${OAUTH}/tenant`)).status).toBe(404);
    expect((await request(provider, `${OPENID}/tenant`)).status).toBe(404);
  });
});

describe('the metadata of a provider whose issuer has a path', () => {
  const issuer = 'https://example.com/sign/in';
  let withPath: ProviderUnderTest;

  beforeAll(async () => {
    withPath = await startProvider(await testDatabase(), { ISSUER: issuer });
  });
  afterAll(() => withPath.stop());

  const at = (path: string) => fetch(`http://localhost:${withPath.config.PORT}${path}`);

  it.each([OAUTH, OPENID])('is served at %s followed by that path (RFC 8414 §3.1, §5)', async (path) => {
    const answer = await at(`${path}/sign/in`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
  });

  it('is not found for another path', async () => {
    expect((await at(`${OAUTH}/sign`)).status).toBe(404);
  });
});
