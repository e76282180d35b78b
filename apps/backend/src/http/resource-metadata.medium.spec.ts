import { LoopbackIssuer, testDatabase } from '@trefoil/testing';
import { type BackendUnderTest, RESOURCE, startBackend } from '../testing/backend-under-test.js';

const issuer = new LoopbackIssuer();
let backend: BackendUnderTest;

beforeAll(async () => {
  await issuer.start();
  backend = await startBackend(await testDatabase(), issuer);
});
afterAll(async () => {
  await backend.stop();
  await issuer.stop();
});

describe('the metadata of the backend as a protected resource', () => {
  it('can be read without a token and from other origins (RFC 9728 §3)', async () => {
    const answer = await fetch(`${backend.url}/.well-known/oauth-protected-resource`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toMatchObject({
      resource: RESOURCE,
      authorization_servers: [issuer.url],
      scopes_supported: ['contacts:read', 'contacts:write', 'contacts:export'],
      bearer_methods_supported: ['header'],
    });
  });

  it('may be read by a browser-based client that sends headers of its own: its preflight is answered (Fetch §3.3.6)', async () => {
    const answer = await fetch(`${backend.url}/.well-known/oauth-protected-resource`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://client.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'mcp-protocol-version',
      },
    });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': expect.stringContaining('GET'),
      'access-control-allow-headers': 'mcp-protocol-version',
    });
  });

  it.each([
    ['/v1/contacts', 'GET, HEAD, POST'],
    ['/v1/contacts/8d8ac610-566d-4ef0-9c22-186b2a5ed793', 'DELETE, GET, HEAD, PATCH'],
    ['/v1/exports/contacts', 'GET, HEAD'],
    ['/v1/profile', 'GET, HEAD'],
  ])(
    'is the only document that pages of other origins may read: %s answers a preflight with 405',
    async (path, allow) => {
      const headers = { Origin: 'https://client.example', 'Access-Control-Request-Method': 'GET' };
      const answer = await fetch(`${backend.url}${path}`, { method: 'OPTIONS', headers });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('is linked from challenges (RFC 9728 §5.1)', async () => {
    const { headers } = await fetch(`${backend.url}/v1/contacts`);
    const url = `${RESOURCE}/.well-known/oauth-protected-resource`;
    expect(headers.get('www-authenticate')).toContain(`resource_metadata="${url}"`);
  });
});
