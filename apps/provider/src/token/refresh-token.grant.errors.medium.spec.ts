import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { Grants } from '../grants/grants.js';
import { RefreshTokenRotation } from '../grants/refresh-token-rotation.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { givenClient } from '../testing/test-clients.js';
import { BACKEND, FRONTEND, givenGrant, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

async function givenRefreshToken() {
  const { grant, redemption } = await givenGrant(provider);
  const { body } = await post(provider, '/token', redemption, FRONTEND);
  return { grant, refresh_token: body.refresh_token };
}

const refresh = (parameters: Record<string, string>, authorization?: string) =>
  post(provider, '/token', { grant_type: 'refresh_token', ...parameters }, authorization);

describe('a refresh token is refused', () => {
  it('when it is missing (RFC 6749 §6)', async () => {
    expect(await refresh({}, FRONTEND)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('when its confidential client does not authenticate, and can still be used (RFC 6749 §6)', async () => {
    const { refresh_token } = await givenRefreshToken();
    const unproven = await refresh({ refresh_token, client_id: 'frontend' });
    expect(unproven).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await refresh({ refresh_token }, FRONTEND)).status).toBe(200);
  });

  it('when the client is not registered for the grant type (RFC 6749 §5.2)', async () => {
    const { refresh_token } = await givenRefreshToken();
    expect((await refresh({ refresh_token }, BACKEND)).body.error).toBe('unauthorized_client');
  });

  it('when its user is disabled while the request is under way, and is not used up', async () => {
    const { grant } = await givenRefreshToken();
    const rotate = () =>
      provider.app.get(RefreshTokenRotation).rotate(grant, { generation: 0, thumbprint: undefined }, 0);
    const disableUser = (at: string) =>
      provider.dataSource.query(`UPDATE users SET disabled_at = ${at} WHERE id = $1`, [grant.userId]);
    await disableUser('now()');
    try {
      expect(await rotate()).toBe(false);
    } finally {
      await disableUser('NULL');
    }
    expect(await rotate()).toBe(true);
  });

  it('when its grant has expired, or was revoked (RFC 6749 §5.2)', async () => {
    const [expired, revoked] = [await givenRefreshToken(), await givenRefreshToken()];
    await provider.dataSource.query('UPDATE grants SET expires_at = now() WHERE id = $1', [expired.grant.id]);
    await provider.app.get(Grants).revoke(revoked.grant.id, { type: 'grant-revoked', outcome: 'success' });
    for (const { refresh_token } of [expired, revoked]) {
      expect((await refresh({ refresh_token }, FRONTEND)).body.error).toBe('invalid_grant');
    }
  });

  it.each([
    ['an access token', ({ body }: Answer) => body.access_token],
    ['an ID token', ({ body }: Answer) => String(body.id_token)],
  ])('when it is %s (RFC 8725 §3.12)', async (_, tokenIn) => {
    const { redemption } = await givenGrant(provider);
    const refresh_token = tokenIn(await post(provider, '/token', redemption, FRONTEND));
    expect((await refresh({ refresh_token }, FRONTEND)).body.error).toBe('invalid_grant');
  });

  it('when it is a code (RFC 8725 §3.12)', async () => {
    const { code } = await givenGrant(provider);
    expect((await refresh({ refresh_token: code }, FRONTEND)).body.error).toBe('invalid_grant');
  });

  it('for a resource that was not granted or does not exist (RFC 8707 §2.2)', async () => {
    const { refresh_token } = await givenRefreshToken();
    for (const resource of [`${provider.url}/api`, 'https://unknown.example', 'api', 'https://a.example#b']) {
      expect((await refresh({ refresh_token, resource }, FRONTEND)).body.error).toBe('invalid_target');
    }
  });
});

type Answer = Awaited<ReturnType<typeof post>>;

describe('a refresh token', () => {
  it('keeps the scope of the grant when an access token with fewer scopes was requested (RFC 6749 §6)', async () => {
    const { refresh_token } = await givenRefreshToken();
    const less = await refresh({ refresh_token, scope: 'openid' }, FRONTEND);
    expect(less.body.scope).toBe('');
    const all = await refresh({ refresh_token: less.body.refresh_token }, FRONTEND);
    expect(all.body.scope).toBe('contacts:read');
  });

  it('is not issued to a client that is not registered for it (RFC 7591 §2)', async () => {
    const client = await givenClient(provider, { grantTypes: [GRANT_TYPE.authorizationCode] });
    const { redemption } = await givenGrant(provider, {
      clientId: client.clientId,
      redirectUri: client.redirectUri,
      resources: [`${provider.url}/api`],
    });
    const { status, body } = await post(provider, '/token', redemption, client.authorization);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
  });
});
