import { LoopbackIssuer, testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { type BackendUnderTest, startBackend } from '../testing/backend-under-test.js';

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
afterEach(() => {
  issuer.exchangeRefusal = undefined;
  issuer.hangs = false;
  issuer.requests.length = 0;
});

/** Creates a user that the provider knows. */
function someUser() {
  const sub = randomUUID();
  issuer.users.set(sub, { name: 'Alice', email: 'alice@example.com' });
  return { sub, caller: backend.as(sub) };
}

describe('GET /v1/profile', () => {
  it('joins the account from the provider with the number of contacts', async () => {
    const { sub, caller } = someUser();
    await caller.post('/v1/contacts', { name: 'Ada' });
    await caller.post('/v1/contacts', { name: 'Grace' });
    const { status, body } = await caller.get('/v1/profile');
    expect(status).toBe(200);
    expect(body).toEqual({
      account: { sub, name: 'Alice', email: 'alice@example.com', email_verified: true, updated_at: 0 },
      contactCount: 2,
    });
  });

  it('exchanges the token of the caller once, and caches the new token until it expires (RFC 8693 §2)', async () => {
    const { caller } = someUser();
    await caller.get('/v1/profile');
    await caller.get('/v1/profile');
    expect(issuer.requests.filter((request) => request === 'POST /token')).toHaveLength(1);
    expect(issuer.requests.filter((request) => request === 'GET /api/account')).toHaveLength(2);
  });

  it.each(['invalid_grant', 'invalid_request'])(
    'is 401 with a challenge when the token was revoked: %s (RFC 6750 §3.1, RFC 8693 §2.2.2, RFC 9728 §5.1)',
    async (error) => {
      issuer.exchangeRefusal = [400, { error }];
      const { status, headers, body } = await someUser().caller.get('/v1/profile');
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(
        /^Bearer realm="backend", resource_metadata="[^"]+\/.well-known\/oauth-protected-resource", error="invalid_token"/,
      );
      expect(body.detail).toBe('The provider no longer accepts the token. Sign in again.');
    },
  );

  it.each(['invalid_scope', 'access_denied'])(
    'is 403 with the reason when the user has not allowed it: %s',
    async (error) => {
      issuer.exchangeRefusal = [400, { error, error_description: 'inside' }];
      const { status, headers, body } = await someUser().caller.get('/v1/profile');
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
      expect(body.detail).toBe('The user has not allowed this application to read their account (account:read).');
    },
  );

  it('is 500 without details when the provider refuses the backend itself', async () => {
    issuer.exchangeRefusal = [401, { error: 'invalid_client', error_description: 'wrong secret' }];
    const { status, body } = await someUser().caller.get('/v1/profile');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/invalid_client|secret/);
  });

  it('is 503 while the provider is down, contacts keep working, and it recovers when the provider is back', async () => {
    const { caller } = someUser();
    await caller.get('/v1/contacts');
    await issuer.stop();
    const { status, headers } = await caller.get('/v1/profile');
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect((await caller.post('/v1/contacts', { name: 'Ada' })).status).toBe(201);
    expect((await caller.get('/v1/contacts')).body.items).toHaveLength(1);
    expect((await caller.get('/health/ready')).status).toBe(200);
    await issuer.start();
    expect((await caller.get('/v1/profile')).status).toBe(200);
  });

  it('is 503 within 2 s when the provider accepts the request and does not answer', async () => {
    const { caller } = someUser();
    await caller.get('/v1/contacts');
    issuer.hangs = true;
    const start = performance.now();
    const { status, body } = await caller.get('/v1/profile');
    expect(performance.now() - start).toBeLessThan(2000);
    expect([status, body.detail]).toEqual([
      503,
      'The provider cannot be reached at the moment. Try again in a few seconds.',
    ]);
  });
});
