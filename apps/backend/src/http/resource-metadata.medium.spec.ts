import { testDatabase } from '@trefoil/testing';
import { type BackendUnderTest, RESOURCE, startBackend } from '../testing/backend-under-test.js';
import { LoopbackIssuer } from '../testing/loopback-issuer.js';

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

  it('is linked from challenges (RFC 9728 §5.1)', async () => {
    const { headers } = await fetch(`${backend.url}/v1/contacts`);
    const url = `${RESOURCE}/.well-known/oauth-protected-resource`;
    expect(headers.get('www-authenticate')).toContain(`resource_metadata="${url}"`);
  });
});
