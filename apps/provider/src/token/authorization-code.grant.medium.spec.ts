import { randomSecret } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { Grants } from '../grants/grants.js';
import { SessionIds } from '../sessions/session-ids.js';
import { Grant } from '../grants/grant.entity.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { BACKEND, FRONTEND, givenGrant, payloadOf, post } from '../testing/token-requests.js';

const { jest } = import.meta;

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const redeem = (redemption: Record<string, string>, authorization = FRONTEND) =>
  post(provider, '/token', redemption, authorization);

describe('a code', () => {
  it('is redeemed for an access token, a refresh token and an ID token (RFC 6749 §4.1.4)', async () => {
    const { grant, redemption } = await givenGrant(provider);
    const sid = provider.app.get(SessionIds).of({ clientId: 'frontend' }, grant.sessionId);
    const { status, headers, body } = await redeem(redemption);
    expect({ status, cache: headers.get('cache-control') }).toEqual({ status: 200, cache: 'no-store' });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'contacts:read' });
    expect(payloadOf(body.access_token)).toMatchObject({
      iss: provider.url,
      aud: DEMO.backend,
      sub: grant.userId,
      client_id: 'frontend',
      sid,
      grant_id: grant.id,
    });
    expect(payloadOf(body.id_token)).toMatchObject({ aud: 'frontend', nonce: 'n-0S6_WzA2Mj', sid });
  });

  it('is redeemed exactly once, and its tokens are revoked, when 50 requests use it at once (RFC 6749 §4.1.2)', async () => {
    const { grant, redemption } = await givenGrant(provider);
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(redemption)));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(49);

    const refresh = await redeem({ grant_type: 'refresh_token', refresh_token: winners[0]?.body.refresh_token ?? '' });
    expect(refresh.body.error).toBe('invalid_grant');
    const events = await provider.dataSource.manager.findBy(SecurityEvent, { grantId: grant.id, type: 'code-reuse' });
    expect(events.length).toBeGreaterThan(0);
  });

  it('is refused after it has expired (RFC 6749 §4.1.2)', async () => {
    const { redemption } = await givenGrant(provider, { codeLifetime: -1 });
    expect((await redeem(redemption)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it.each([-3600, -30, 30, 3600])(
    'expires by the clock of the database, although the clock of the replica is %d s off',
    async (seconds) => {
      const now = Date.now();
      const clock = jest.spyOn(Date, 'now').mockReturnValue(now + seconds * 1000);
      const { grant, redemption } = await givenGrant(provider);
      clock.mockRestore();
      const { codeExpiresAt, createdAt } = await provider.dataSource.manager.findOneByOrFail(Grant, { id: grant.id });
      expect(codeExpiresAt.getTime() - createdAt.getTime()).toBe(60_000);
      expect((await redeem(redemption)).status).toBe(200);
    },
  );

  it('is refused when the session has ended, even if the grant was inserted at the same moment', async () => {
    const { grant, redemption } = await givenGrant(provider);
    await provider.dataSource.query('UPDATE sessions SET ended_at = now() WHERE id = $1', [grant.sessionId]);
    expect((await redeem(redemption)).body.error).toBe('invalid_grant');
  });

  it('is refused from another client, and can still be redeemed by its own (RFC 6749 §4.1.3)', async () => {
    const { redemption } = await givenGrant(provider);
    const { code, code_verifier } = redemption;
    const stolen = {
      grant_type: 'authorization_code',
      client_id: 'demo-cli',
      code: code ?? '',
      code_verifier: code_verifier ?? '',
    };
    expect((await post(provider, '/token', stolen)).body.error).toBe('invalid_grant');
    expect((await redeem(redemption)).status).toBe(200);
  });

  it.each([
    ['another code_verifier', { code_verifier: randomSecret() }],
    ['no code_verifier', { code_verifier: '' }],
    ['another redirect_uri', { redirect_uri: `${DEMO.frontend}/elsewhere` }],
  ])(
    'is refused with %s, and can still be redeemed with the right one (RFC 7636 §4.6, RFC 6749 §4.1.3)',
    async (_, wrong) => {
      const { redemption } = await givenGrant(provider);
      expect((await redeem({ ...redemption, ...wrong })).body.error).toBe('invalid_grant');
      expect((await redeem(redemption)).status).toBe(200);
    },
  );

  it('does not end its grant when it is replayed without the code_verifier (RFC 9700 §2.1.1)', async () => {
    const { grant, redemption } = await givenGrant(provider);
    await redeem(redemption);
    expect((await redeem({ ...redemption, code_verifier: randomSecret() })).body.error).toBe('invalid_grant');
    expect((await provider.app.get(Grants).find(grant.id))?.isLive).toBe(true);
  });

  it('is refused with a code_verifier when no code_challenge was sent (RFC 9700 §4.8.2)', async () => {
    const { redemption } = await givenGrant(provider, { codeChallenge: null });
    expect((await redeem(redemption)).body.error).toBe('invalid_grant');
  });

  it('is refused without redirect_uri when no code_challenge was sent (RFC 6749 §4.1.3)', async () => {
    const { code } = await givenGrant(provider, { codeChallenge: null });
    expect((await redeem({ grant_type: 'authorization_code', code })).body.error).toBe('invalid_grant');
  });

  it.each(['', 'tfc_', 'no-code-at-all', `tfc_${'A'.repeat(64)}`])('is refused when forged: "%s"', async (code) => {
    const { status, body } = await redeem({ grant_type: 'authorization_code', code });
    expect(status).toBe(400);
    expect(body.error).toMatch(/^invalid_(grant|request)$/);
  });

  it('is not exchanged for a token of a resource server that was not granted (RFC 8707 §2.2)', async () => {
    const { redemption } = await givenGrant(provider);
    const answer = await redeem({ ...redemption, resource: `${provider.url}/api` });
    expect(answer.body.error).toBe('invalid_target');
  });

  it('is refused when its confidential client does not authenticate, and can still be redeemed (RFC 6749 §3.2.1, §4.1.3)', async () => {
    const { redemption } = await givenGrant(provider);
    const unproven = await post(provider, '/token', { ...redemption, client_id: 'frontend' });
    expect([unproven.status, unproven.body.error]).toEqual([401, 'invalid_client']);
    expect((await redeem(redemption)).status).toBe(200);
  });

  it('is exchanged for no ID token without the scope openid (OpenID Connect Core §3.1.2.1)', async () => {
    const { redemption } = await givenGrant(provider, { scopes: ['contacts:read'] });
    expect((await redeem(redemption)).body).not.toHaveProperty('id_token');
  });

  it('is refused when the client is not registered for the grant type (RFC 6749 §5.2)', async () => {
    const { redemption } = await givenGrant(provider);
    expect((await redeem(redemption, BACKEND)).body.error).toBe('unauthorized_client');
  });
});
