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

const check = (token: string | undefined, scope: string, method = 'GET') =>
  fetch(`${backend.url}/v1/access-check?scope=${scope}`, {
    method,
    headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
  });

describe('/v1/access-check', () => {
  it.each(['GET', 'POST'])('names the subject and the client of a token that has the scope: %s', async (method) => {
    const answers = [
      await check(backend.machineToken(), 'contacts:export', method),
      await check(backend.userToken('alice'), 'contacts:write', method),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(answers.map(({ headers }) => [headers.get('token-subject'), headers.get('token-client')])).toEqual([
      ['marketing-sync', 'marketing-sync'],
      ['alice', 'frontend'],
    ]);
  });

  it('refuses a token without the scope, and names the scope (RFC 6750 §3.1)', async () => {
    const answer = await check(backend.machineToken(), 'contacts:read');
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toMatch(/scope="contacts:read", error="insufficient_scope"/);
  });

  it('refuses the user of a client that may not call this API', async () => {
    const token = backend.userToken('alice', 'contacts:read', 'other-client');
    expect((await check(token, 'contacts:read')).status).toBe(403);
  });

  it('refuses a request without a token, and a token for another API (RFC 6750 §3, RFC 8707 §2)', async () => {
    const claims = { aud: `${RESOURCE}/other`, sub: 'machine', client_id: 'machine', scope: 'contacts:export' };
    const [without, other] = [
      await check(undefined, 'contacts:read'),
      await check(issuer.token(claims), 'contacts:export'),
    ];
    expect([without.status, other.status]).toEqual([401, 401]);
    expect(without.headers.get('www-authenticate')).not.toContain('error=');
    expect(other.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('refuses a scope that this API does not have, because it is a mistake in the gateway', async () => {
    const answer = await check(backend.machineToken(), 'contacts:exprot');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field: 'scope', message: 'must be a scope of this API' }] });
  });
});
