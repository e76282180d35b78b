import { testDatabase } from '@trefoil/testing';
import { Grant } from '../model/grants/grant.entity.js';
import { Grants } from '../model/grants/grants.js';
import { SecurityEvent } from '../model/security-events/security-event.entity.js';
import { Sessions } from '../model/sessions/sessions.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { FRONTEND, givenGrant, payloadOf, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const refresh = (refresh_token: string, more: Record<string, string> = {}) =>
  post(provider, '/token', { grant_type: 'refresh_token', refresh_token, ...more }, FRONTEND);

async function givenRefreshToken(): Promise<{ grant: Grant; token: string }> {
  const { grant, redemption } = await givenGrant(provider);
  const { body } = await post(provider, '/token', redemption, FRONTEND);
  return { grant, token: body.refresh_token };
}

/** Lets the grace period of the newest rotation pass. */
const afterGrace = (grant: Grant) =>
  provider.dataSource.manager.update(Grant, { id: grant.id }, { refreshedAt: new Date(Date.now() - 11_000) });

const isLive = async (grant: Grant) => (await provider.app.get(Grants).find(grant.id))?.isLive;

describe('a refresh token', () => {
  it('is replaced by each use (RFC 9700 §4.14.2)', async () => {
    const { token } = await givenRefreshToken();
    const first = await refresh(token);
    const second = await refresh(first.body.refresh_token);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(new Set([token, first.body.refresh_token, second.body.refresh_token]).size).toBe(3);
  });

  it('leads to one live chain when 20 use it at once', async () => {
    const { grant, token } = await givenRefreshToken();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect(await provider.app.get(Grants).find(grant.id)).toMatchObject({ refreshGeneration: 1, isLive: true });
  });

  it('gives a retry the same successor again, for a moment', async () => {
    const { token } = await givenRefreshToken();
    const [first, retry] = [await refresh(token), await refresh(token)];
    expect(retry.body.refresh_token).toBe(first.body.refresh_token);
  });

  it('ends its grant when it is used again later (RFC 9700 §4.14.2)', async () => {
    const { grant, token } = await givenRefreshToken();
    const first = await refresh(token);
    await afterGrace(grant);
    expect((await refresh(token)).body.error).toBe('invalid_grant');
    expect(await isLive(grant)).toBe(false);
    expect((await refresh(first.body.refresh_token)).body.error).toBe('invalid_grant');
    const recorded = { grantId: grant.id, type: 'refresh-token-reuse' } as const;
    expect(await provider.dataSource.manager.countBy(SecurityEvent, recorded)).toBe(1);
  });

  it('ends its grant when it is older than the one before, even at once', async () => {
    const { grant, token } = await givenRefreshToken();
    const first = await refresh(token);
    await refresh(first.body.refresh_token);
    expect((await refresh(token)).body.error).toBe('invalid_grant');
    expect(await isLive(grant)).toBe(false);
  });

  it('is refused from another client (RFC 6749 §6)', async () => {
    const { grant, token } = await givenRefreshToken();
    const stolen = { grant_type: 'refresh_token', refresh_token: token, client_id: 'demo-cli' };
    expect((await post(provider, '/token', stolen)).body.error).toBe('invalid_grant');
    expect(await isLive(grant)).toBe(true);
  });

  it('is refused when it is forged, without a write', async () => {
    const { grant, token } = await givenRefreshToken();
    const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
    expect((await refresh(forged)).body.error).toBe('invalid_grant');
    expect(await provider.app.get(Grants).find(grant.id)).toMatchObject({ refreshGeneration: 0, isLive: true });
  });

  it('ends with the sign-in session (OpenID Connect Back-Channel Logout §2.7)', async () => {
    const { grant, token } = await givenRefreshToken();
    const sessions = provider.app.get(Sessions);
    const session = await sessions.find(grant.sessionId);
    if (session) await sessions.end(session, {});
    expect((await refresh(token)).body.error).toBe('invalid_grant');
  });

  it('outlives the sign-in session with offline_access (OpenID Connect Core §11)', async () => {
    const { grant, redemption } = await givenGrant(provider, { scopes: ['openid', 'offline_access', 'contacts:read'] });
    const { body } = await post(provider, '/token', redemption, FRONTEND);
    const sessions = provider.app.get(Sessions);
    const session = await sessions.find(grant.sessionId);
    if (session) await sessions.end(session, {});
    expect((await refresh(body.refresh_token)).status).toBe(200);
  });

  it('may ask for less, never for more (RFC 6749 §6)', async () => {
    const { token } = await givenRefreshToken();
    expect((await refresh(token, { scope: 'contacts:write' })).body.error).toBe('invalid_scope');
    const less = await refresh(token, { scope: 'openid contacts:read', resource: DEMO.backend });
    expect(less.body.scope).toBe('contacts:read');
    expect((await refresh(less.body.refresh_token, { resource: 'https://elsewhere.example' })).body.error).toBe(
      'invalid_target',
    );
  });

  it('brings an ID token of the same sign-in, without nonce (OpenID Connect Core §12.2)', async () => {
    const { grant, token } = await givenRefreshToken();
    const claims = payloadOf((await refresh(token)).body.id_token);
    expect(claims).toMatchObject({ sub: grant.userId, auth_time: Math.floor(grant.authenticatedAt.getTime() / 1000) });
    expect(claims).not.toHaveProperty('nonce');
  });
});
