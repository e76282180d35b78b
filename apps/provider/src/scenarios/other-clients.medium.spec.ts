import { testDatabase } from '@trefoil/testing';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { surfaceOf } from '../server.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

/** The default `Accept` header of HTTP clients in Java, and of a browser. */
const ACCEPTS = ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', 'text/html,application/xhtml+xml'];
const ENDPOINTS = ['token', 'par', 'register', 'introspect', 'revoke', 'userinfo', 'device_authorization'];

describe.each(ENDPOINTS)('/%s', (endpoint) => {
  it.each(ACCEPTS)('answers errors as JSON also to a client that sends Accept: %s (RFC 6749 §5.2)', async (accept) => {
    const answer = await fetch(`${provider.url}/${endpoint}`, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'client_id=nobody&grant_type=password',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toHaveProperty('error');
    const { status } = await fetch(`${provider.url}/${endpoint}`, { method: 'PATCH', headers: { accept } });
    expect(status).toBe(405);
  });
});

describe('CORS', () => {
  const preflight = (path: string, method: string) =>
    fetch(`${provider.url}${path}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://spa.example', 'access-control-request-method': method },
    });

  it.each([
    ['/.well-known/openid-configuration', 'GET'],
    ['/.well-known/oauth-authorization-server', 'GET'],
    ['/jwks', 'GET'],
    ['/register', 'POST'],
    ['/register/some-client', 'DELETE'],
    ['/par', 'POST'],
    ['/token', 'POST'],
    ['/revoke', 'POST'],
    ['/userinfo', 'GET'],
  ])('allows a client that runs in a browser to use %s', async (path, method) => {
    const answer = await preflight(path, method);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')).toContain(method);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([
    ['/device_authorization', 'POST'],
    ['/introspect', 'POST'],
    ['/login', 'POST'],
    ['/api/account', 'GET'],
  ])('is not offered by %s, which names its methods in Allow (RFC 9110 §15.5.6)', async (path, method) => {
    const answer = await preflight(path, method);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain(method);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

it('POST /userinfo accepts the content type JSON with an empty body', async () => {
  const answer = await fetch(`${provider.url}/userinfo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer not-a-token' },
  });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
});

it('the surface of a path does not depend on Accept, except for paths that do not exist', () => {
  for (const endpoint of ENDPOINTS) expect(surfaceOf(`/${endpoint}`, true)).toBe('protocol');
  expect(surfaceOf('/nowhere', true)).toBe('page');
  expect(surfaceOf('/nowhere', false)).toBe('protocol');
});
