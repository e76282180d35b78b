import { testDatabase } from '@trefoil/testing';
import { Client } from '../../clients/client.entity.js';
import { Grants } from '../../grants/grants.js';
import { Sessions } from '../../sessions/sessions.js';
import { givenAccountTokens, request } from '../../testing/api-requests.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { FRONTEND, givenGrant, post } from '../../testing/token-requests.js';
import { User } from '../user.entity.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const userinfo = (token?: string, init: Parameters<typeof request>[2] = {}) =>
  request(provider, '/userinfo', { token, ...init });

const byForm = (form: Record<string, string> | [string, string][], token?: string) =>
  userinfo(token, { method: 'POST', body: new URLSearchParams(form) });

describe('userinfo', () => {
  it.each(['GET', 'POST'])('answers %s with the token in the header (OpenID Connect Core §5.3.1)', async (method) => {
    const { accessToken } = await givenAccountTokens(provider, ['openid', 'email']);
    const { status, headers, body } = await userinfo(accessToken, { method });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({ sub: ALICE, email: 'alice@example.com', email_verified: true });
  });

  it('gives every requested standard claim its JSON type (OpenID Connect Core §5.1)', async () => {
    const { accessToken } = await givenAccountTokens(provider, ['openid', 'profile', 'email', 'address', 'phone']);
    const { body } = await userinfo(accessToken);
    expect(body).toMatchObject({
      sub: ALICE,
      name: 'Alice Marie Appleton',
      email_verified: true,
      phone_number_verified: true,
      address: { country: 'Germany', formatted: 'Lindenallee 3\n10115 Berlin\nGermany' },
      updated_at: expect.any(Number),
    });
    expect(Number.isInteger(body.updated_at)).toBe(true);
    expect(body.updated_at).toBeLessThan(10_000_000_000);
  });

  it('may be read by pages of other origins', async () => {
    const { accessToken } = await givenAccountTokens(provider);
    const { headers } = await userinfo(accessToken, { headers: { origin: 'https://spa.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  describe('accepts the token in a form (RFC 6750 §2.2)', () => {
    it('of a POST', async () => {
      const { accessToken } = await givenAccountTokens(provider);
      expect(await byForm({ access_token: accessToken })).toMatchObject({ status: 200, body: { sub: ALICE } });
    });

    it('but not together with one in the header (RFC 6750 §2, §3.1)', async () => {
      const { accessToken } = await givenAccountTokens(provider);
      const { status, headers, body } = await byForm({ access_token: accessToken }, accessToken);
      expect(status).toBe(400);
      expect(body.error).toBe('invalid_request');
      expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_request"/);
    });

    it('but not twice (RFC 6750 §3.1)', async () => {
      const { accessToken } = await givenAccountTokens(provider);
      const twice: [string, string][] = [
        ['access_token', accessToken],
        ['access_token', accessToken],
      ];
      expect(await byForm(twice)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    });

    it.each([
      ['JSON', 'application/json', (token: string) => JSON.stringify({ access_token: token })],
      ['plain text', 'text/plain', (token: string) => `access_token=${token}`],
    ])('but not from %s (RFC 6750 §2.2)', async (_, type, bodyOf) => {
      const { accessToken } = await givenAccountTokens(provider);
      const headers = { 'content-type': type };
      const answer = await userinfo(undefined, { method: 'POST', headers, body: bodyOf(accessToken) });
      expect([401, 415]).toContain(answer.status);
    });

    it('but never from the query (RFC 9700 §4.3.2)', async () => {
      const { accessToken } = await givenAccountTokens(provider);
      expect((await request(provider, `/userinfo?access_token=${accessToken}`)).status).toBe(401);
    });
  });

  describe('refuses', () => {
    it('a request without a token, with a challenge and no error code (RFC 6750 §3.1)', async () => {
      const { status, headers } = await userinfo();
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="account".*, DPoP realm="account".*, algs="/);
      expect(headers.get('www-authenticate')).not.toContain('error=');
    });

    it('a value that is not a token (RFC 6750 §3.1)', async () => {
      const { status, headers, body } = await userinfo('abc');
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
      expect(body.error).toBe('invalid_token');
    });

    it('a token without the scope openid (OpenID Connect Core §5.3)', async () => {
      const { accessToken } = await givenAccountTokens(provider, ['account:read']);
      const { status, headers, body } = await userinfo(accessToken);
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toMatch(/error="insufficient_scope"/);
      expect(headers.get('www-authenticate')).toMatch(/scope="openid"/);
      expect(body.error).toBe('insufficient_scope');
    });

    it('a token for another resource server (RFC 9068 §4, RFC 8707 §2)', async () => {
      const { redemption } = await givenGrant(provider, { resources: [DEMO.backend] });
      const { body } = await post(provider, '/token', redemption, FRONTEND);
      expect((await userinfo(body.access_token)).status).toBe(401);
    });

    it('an ID token (RFC 8725 §3.12)', async () => {
      const { redemption } = await givenGrant(provider, { resources: [`${provider.url}/api`] });
      const { body } = await post(provider, '/token', redemption, FRONTEND);
      expect((await userinfo(String(body.id_token))).status).toBe(401);
    });

    it('a refresh token', async () => {
      const { refreshToken } = await givenAccountTokens(provider);
      expect((await userinfo(refreshToken)).status).toBe(401);
    });

    it('a token whose grant was revoked, at once (RFC 6749 §4.1.2)', async () => {
      const { accessToken, redemption } = await givenAccountTokens(provider);
      expect((await userinfo(accessToken)).status).toBe(200);
      expect((await post(provider, '/token', redemption, FRONTEND)).body.error).toBe('invalid_grant');
      expect((await userinfo(accessToken)).status).toBe(401);
    });

    it('a token whose session has ended', async () => {
      const { accessToken, grant } = await givenAccountTokens(provider);
      const session = await provider.app.get(Sessions).find(grant.sessionId);
      if (session) await provider.app.get(Sessions).end(session, {});
      expect((await userinfo(accessToken)).status).toBe(401);
    });

    it('a token whose user was disabled', async () => {
      const { accessToken } = await givenAccountTokens(provider);
      await provider.dataSource.manager.update(User, { id: ALICE }, { disabledAt: new Date() });
      const { status } = await userinfo(accessToken);
      await provider.dataSource.manager.update(User, { id: ALICE }, { disabledAt: null });
      expect(status).toBe(401);
    });

    it('a token whose grant was deleted', async () => {
      const { accessToken, grant } = await givenAccountTokens(provider);
      await provider.dataSource.query('DELETE FROM grants WHERE id = $1', [grant.id]);
      expect(await provider.app.get(Grants).find(grant.id)).toBeNull();
      expect((await userinfo(accessToken)).status).toBe(401);
    });
  });

  it('works with offline_access after the session has ended (OpenID Connect Core §11)', async () => {
    const { accessToken, grant } = await givenAccountTokens(provider, ['openid', 'offline_access']);
    const session = await provider.app.get(Sessions).find(grant.sessionId);
    if (session) await provider.app.get(Sessions).end(session, {});
    expect((await userinfo(accessToken)).status).toBe(200);
  });

  it('refuses tokens of a disabled client, once the cached client has expired', async () => {
    const { accessToken } = await givenAccountTokens(provider);
    await provider.dataSource.manager.update(Client, { clientId: 'frontend' }, { disabledAt: new Date() });
    try {
      await expect(eventually(async () => (await userinfo(accessToken)).status === 401)).resolves.toBe(true);
    } finally {
      await provider.dataSource.manager.update(Client, { clientId: 'frontend' }, { disabledAt: null });
    }
  });
});

async function eventually(condition: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 3000; Date.now() < end;) if (await condition()) return true;
  return false;
}
