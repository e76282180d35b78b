import { testDatabase } from '@trefoil/testing';
import { Grant } from '../../grants/grant.entity.js';
import { Grants } from '../../grants/grants.js';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { SessionIds } from '../../sessions/session-ids.js';
import { Sessions } from '../../sessions/sessions.js';
import { User } from '../../users/user.entity.js';
import { type GivenTokens, givenAccountTokens, request } from '../../testing/api-requests.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { BACKEND, basic, FRONTEND, MARKETING_SYNC, post } from '../../testing/token-requests.js';

const INACTIVE = { active: false };
const ALICE = 'a11ce000-0000-4000-8000-000000000001';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const introspect = (token: string, authorization = BACKEND, more: Record<string, string> = {}) =>
  post(provider, '/introspect', { token, ...more }, authorization);

const givenTokens = (): Promise<GivenTokens> =>
  givenAccountTokens(provider, ['openid', 'contacts:read', 'account:read'], {
    resources: [DEMO.backend, `${provider.url}/api`],
  });

describe('introspection of an access token', () => {
  it('returns its claims to the resource server in its audience (RFC 7662 §2.2)', async () => {
    const { accessToken, grant } = await givenTokens();
    const { status, headers, body } = await introspect(accessToken);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: provider.url,
      aud: DEMO.backend,
      sub: ALICE,
      client_id: 'frontend',
      scope: 'contacts:read',
      sid: provider.app.get(SessionIds).of({ clientId: 'frontend' }, grant.sessionId),
      jti: expect.any(String),
      auth_time: expect.any(Number),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
  });

  it('returns the same claims to the client it was issued to', async () => {
    const { accessToken } = await givenTokens();
    expect((await introspect(accessToken, FRONTEND)).body).toEqual((await introspect(accessToken)).body);
  });

  it('returns the actor of an exchanged token (RFC 8693 §4.1)', async () => {
    const { accessToken } = await givenTokens();
    const { body } = await post(
      provider,
      '/token',
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: accessToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: `${provider.url}/api`,
        scope: 'account:read',
      },
      BACKEND,
    );
    expect((await introspect(body.access_token)).body).toMatchObject({
      active: true,
      client_id: 'backend',
      sub: ALICE,
      act: { sub: 'backend' },
    });
    // The frontend is neither the audience nor the client of this token.
    expect((await introspect(body.access_token, FRONTEND)).body).toEqual(INACTIVE);
  });

  it('accepts any hint and needs none (RFC 7662 §2.1)', async () => {
    const { accessToken, refreshToken } = await givenTokens();
    for (const token_type_hint of ['access_token', 'refresh_token', 'something_else']) {
      expect((await introspect(accessToken, FRONTEND, { token_type_hint })).body.active).toBe(true);
      expect((await introspect(refreshToken, FRONTEND, { token_type_hint })).body.active).toBe(true);
    }
  });

  describe('returns only that the token is not active (RFC 7662 §2.2)', () => {
    it('to a client that is neither its client nor its audience', async () => {
      const { accessToken } = await givenTokens();
      expect((await introspect(accessToken, MARKETING_SYNC)).body).toEqual(INACTIVE);
    });

    it('for a value that is not a token', async () => {
      for (const token of [
        'abc',
        'a.b.c',
        'eyJhbGciOiJub25lIn0.e30.',
        'tfr_',
        'tfr_AAAA',
        'tfc_AAAA',
        'ü'.repeat(2000),
      ]) {
        expect(await introspect(token)).toMatchObject({ status: 200, body: INACTIVE });
      }
    });

    it('for a token with a changed signature or header', async () => {
      const { accessToken } = await givenTokens();
      const [header = '', payload = '', signature = ''] = accessToken.split('.');
      const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
      const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
      for (const forged of [
        `${header}.${payload}.${flipped}`,
        `${none}.${payload}.`,
        `${none}.${payload}.${signature}`,
      ]) {
        expect((await introspect(forged)).body).toEqual(INACTIVE);
      }
    });

    it('for an ID token (RFC 8725 §3.12)', async () => {
      const given = await givenTokens();
      const { body } = await post(
        provider,
        '/token',
        { grant_type: 'refresh_token', refresh_token: given.refreshToken },
        FRONTEND,
      );
      expect((await introspect(String(body.id_token), FRONTEND)).body).toEqual(INACTIVE);
    });

    it('for a revoked token', async () => {
      const { accessToken } = await givenTokens();
      await post(provider, '/revoke', { token: accessToken }, FRONTEND);
      expect((await introspect(accessToken)).body).toEqual(INACTIVE);
    });

    it('for a token whose grant was revoked', async () => {
      const { accessToken, refreshToken, grant } = await givenTokens();
      await provider.app.get(Grants).revoke(grant.id, { type: 'grant-revoked', outcome: 'success' });
      expect((await introspect(accessToken)).body).toEqual(INACTIVE);
      expect((await introspect(refreshToken, FRONTEND)).body).toEqual(INACTIVE);
    });

    it('for a token whose grant expired', async () => {
      const { accessToken, refreshToken, grant } = await givenTokens();
      await provider.dataSource.manager.update(Grant, { id: grant.id }, { expiresAt: new Date(Date.now() - 1000) });
      expect((await introspect(accessToken)).body).toEqual(INACTIVE);
      expect((await introspect(refreshToken, FRONTEND)).body).toEqual(INACTIVE);
    });

    it('for a token whose session ended', async () => {
      const { accessToken, refreshToken, grant } = await givenTokens();
      const session = await provider.app.get(Sessions).find(grant.sessionId);
      if (session) await provider.app.get(Sessions).end(session, {});
      expect((await introspect(accessToken)).body).toEqual(INACTIVE);
      expect((await introspect(refreshToken, FRONTEND)).body).toEqual(INACTIVE);
    });

    it('for a token whose session expired', async () => {
      const { accessToken, grant } = await givenTokens();
      await provider.dataSource.query('UPDATE sessions SET expires_at = now() WHERE id = $1', [grant.sessionId]);
      expect((await introspect(accessToken)).body).toEqual(INACTIVE);
    });

    it('for a token whose user is disabled', async () => {
      const { accessToken, refreshToken } = await givenTokens();
      await provider.dataSource.manager.update(User, { id: ALICE }, { disabledAt: new Date() });
      const answers = [await introspect(accessToken), await introspect(refreshToken, FRONTEND)];
      await provider.dataSource.manager.update(User, { id: ALICE }, { disabledAt: null });
      expect(answers.map(({ body }) => body)).toEqual([INACTIVE, INACTIVE]);
    });
  });
});

describe('introspection of a refresh token', () => {
  it('returns its metadata to its client (RFC 7662 §2.2)', async () => {
    const { refreshToken, grant } = await givenTokens();
    expect((await introspect(refreshToken, FRONTEND)).body).toEqual({
      active: true,
      scope: 'openid contacts:read account:read',
      client_id: 'frontend',
      sub: ALICE,
      iss: provider.url,
      iat: expect.any(Number),
      exp: Math.floor(grant.expiresAt.getTime() / 1000),
    });
  });

  it('returns nothing to a resource server, which could take it for an access token (RFC 7662 §4)', async () => {
    const { refreshToken } = await givenTokens();
    expect((await introspect(refreshToken, BACKEND)).body).toEqual(INACTIVE);
  });

  it('returns that a rotated token is not active', async () => {
    const { refreshToken } = await givenTokens();
    const { body } = await post(
      provider,
      '/token',
      { grant_type: 'refresh_token', refresh_token: refreshToken },
      FRONTEND,
    );
    expect((await introspect(refreshToken, FRONTEND)).body).toEqual(INACTIVE);
    expect((await introspect(body.refresh_token, FRONTEND)).body.active).toBe(true);
  });

  it('returns that a forged token is not active', async () => {
    const { refreshToken } = await givenTokens();
    const forged = refreshToken.slice(0, -2) + (refreshToken.endsWith('AA') ? 'BA' : 'AA');
    expect((await introspect(forged, FRONTEND)).body).toEqual(INACTIVE);
  });
});

describe('introspection', () => {
  it('writes nothing to the database', async () => {
    const { accessToken, refreshToken } = await givenTokens();
    const before = await contents();
    await introspect(accessToken);
    await introspect(refreshToken, FRONTEND);
    await introspect('abc', FRONTEND);
    expect(await contents()).toEqual(before);
  });

  it('refuses a client that does not authenticate (RFC 7662 §2.1)', async () => {
    const { accessToken } = await givenTokens();
    const { status, headers, body } = await post(provider, '/introspect', { token: accessToken });
    expect(status).toBe(401);
    expect(body.error).toBe('invalid_client');
    expect(headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  it('refuses a wrong secret (RFC 7662 §2.3)', async () => {
    const { accessToken } = await givenTokens();
    const { status, body } = await introspect(accessToken, basic('backend', 'wrong'));
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('refuses a public client, which cannot authenticate (RFC 7662 §2.1, §4)', async () => {
    const { accessToken } = await givenTokens();
    const { status, body } = await post(provider, '/introspect', { token: accessToken, client_id: 'demo-cli' });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('refuses an access token in place of client authentication (RFC 7662 §2.1)', async () => {
    const { accessToken } = await givenTokens();
    const { status, body } = await introspect(accessToken, `Bearer ${accessToken}`);
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('refuses a request without a token (RFC 7662 §2.1)', async () => {
    const { status, body } = await introspect('');
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('refuses a repeated parameter (RFC 6749 §3.2)', async () => {
    const { accessToken } = await givenTokens();
    const twice: [string, string][] = [
      ['token', accessToken],
      ['token', accessToken],
    ];
    expect(await post(provider, '/introspect', twice, BACKEND)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('accepts a form body only, and no token in the query (RFC 7662 §2.1)', async () => {
    const { accessToken } = await givenTokens();
    const json = { method: 'POST', body: JSON.stringify({ token: accessToken }) };
    const headers = { authorization: BACKEND, 'content-type': 'application/json' };
    expect((await request(provider, '/introspect', { ...json, headers })).body.error).toBe('invalid_request');
    expect((await post(provider, `/introspect?token=${accessToken}`, {}, BACKEND)).body.error).toBe('invalid_request');
    expect((await request(provider, `/introspect?token=${accessToken}`, { headers })).status).toBe(405);
  });
});

async function contents(): Promise<unknown> {
  const { manager } = provider.dataSource;
  return {
    grants: await manager.find(Grant, { order: { id: 'ASC' } }),
    events: await manager.count(SecurityEvent),
    state: await provider.dataSource.query('SELECT * FROM state_entries ORDER BY key'),
  };
}
