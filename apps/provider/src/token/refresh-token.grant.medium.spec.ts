import { GRANT_TYPE, TOKEN_TYPE } from '@trefoil/oauth-protocol';
import { DpopKey, testDatabase } from '@trefoil/testing';
import { Clients } from '../clients/clients.js';
import { type Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { Sessions } from '../sessions/sessions.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { BACKEND, FRONTEND, givenGrant, payloadOf, post } from '../testing/token-requests.js';
import { UserTokenIssuer } from './issuance/user-token-issuer.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const refresh = (refresh_token: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  post(provider, '/token', { grant_type: 'refresh_token', refresh_token, ...more }, FRONTEND, headers);

async function givenRefreshToken(): Promise<{ grant: Grant; token: string }> {
  const { grant, redemption } = await givenGrant(provider);
  const { body } = await post(provider, '/token', redemption, FRONTEND);
  return { grant, token: body.refresh_token };
}

/** Moves the newest rotation some seconds into the past, by the clock of the database. */
const passed = ({ id }: Grant, seconds: number) =>
  provider.dataSource.query('UPDATE grants SET refreshed_at = refreshed_at - make_interval(secs => $2) WHERE id = $1', [
    id,
    seconds,
  ]);

/** Moves the newest rotation into the past by more than the grace period. */
const afterGrace = (grant: Grant) => passed(grant, 11);

const countReuse = ({ id }: Grant) =>
  provider.dataSource.manager.countBy(SecurityEvent, { grantId: id, type: 'refresh-token-reuse' });

const isLive = async (grant: Grant) => (await provider.app.get(Grants).find(grant.id))?.isLive;

/** Narrows the registration of the frontend while a test runs. */
async function withScopes(scopes: readonly string[], run: () => Promise<void>): Promise<void> {
  const { dataSource, app } = provider;
  const [before] = await dataSource.query<[{ scopes: string[] }]>(
    `SELECT scopes FROM clients WHERE client_id = 'frontend'`,
  );
  const set = async (value: readonly string[]) => {
    await dataSource.query(`UPDATE clients SET scopes = $1 WHERE client_id = 'frontend'`, [value]);
    app.get(Clients).forget('frontend');
  };
  await set(scopes);
  try {
    await run();
  } finally {
    await set(before.scopes);
  }
}

describe('a database that was restored from a backup', () => {
  /** Takes the grant back to the generation that it had before its refreshes, as a restore does. */
  const restored = ({ id }: Grant) =>
    provider.dataSource.query('UPDATE grants SET refresh_generation = 0, refreshed_at = NULL WHERE id = $1', [id]);

  it('accepts a refresh token that is newer than the backup, and protects the tokens that follow', async () => {
    const { grant, token: first } = await givenRefreshToken();
    const { body: second } = await refresh(first);
    const { body: third } = await refresh(second.refresh_token);
    await restored(grant);
    const { status, body: fourth } = await refresh(third.refresh_token);
    expect(status).toBe(200);
    // A retry gets the same successor.
    expect((await refresh(third.refresh_token)).body.refresh_token).toBe(fourth.refresh_token);

    expect((await refresh(second.refresh_token)).body.error).toBe('invalid_grant');
    expect(await isLive(grant)).toBe(false);
    expect(await countReuse(grant)).toBe(1);
  });

  it('reports a refresh token that is newer than the backup as active (RFC 7662 §2.2)', async () => {
    const { grant, token: first } = await givenRefreshToken();
    const { body: second } = await refresh(first);
    await restored(grant);
    const { body } = await post(provider, '/introspect', { token: second.refresh_token }, FRONTEND);
    expect(body.active).toBe(true);
  });
});

describe('a registration with fewer scopes', () => {
  it('narrows the grants that exist (RFC 6749 §3.3, RFC 7592 §2.2)', async () => {
    const { token } = await givenRefreshToken();
    await withScopes(['openid'], async () => {
      const { status, body } = await refresh(token, { resource: DEMO.backend });
      expect([status, body.scope]).toEqual([200, '']);
    });
    const { token: other } = await givenRefreshToken();
    await withScopes(['contacts:read'], async () => {
      const { status, body } = await refresh(other);
      expect([status, body.scope]).toEqual([200, 'contacts:read']);
      expect(body).not.toHaveProperty('id_token');
    });
  });

  it('narrows a code that was issued before', async () => {
    const { redemption } = await givenGrant(provider);
    await withScopes(['contacts:read'], async () => {
      const { body } = await post(provider, '/token', redemption, FRONTEND);
      expect(body.scope).toBe('contacts:read');
      expect(body).not.toHaveProperty('id_token');
    });
  });

  it('refuses a refresh for which no scope is left, and keeps the refresh token', async () => {
    const { token } = await givenRefreshToken();
    await withScopes(['phone'], async () => {
      expect((await refresh(token)).body.error).toBe('invalid_scope');
    });
    expect((await refresh(token)).status).toBe(200);
  });

  it('narrows the tokens that a resource server exchanges (RFC 8693 §2.1)', async () => {
    const { redemption } = await givenGrant(provider);
    const { body } = await post(provider, '/token', redemption, FRONTEND);
    await withScopes(['openid', 'contacts:read'], async () => {
      const { status, body: refused } = await post(
        provider,
        '/token',
        {
          grant_type: GRANT_TYPE.tokenExchange,
          subject_token: body.access_token,
          subject_token_type: TOKEN_TYPE.accessToken,
          resource: `${provider.url}/api`,
        },
        BACKEND,
      );
      expect([status, refused.error]).toEqual([400, 'invalid_scope']);
    });
  });
});

describe('a refresh token', () => {
  it('is replaced by each use (RFC 9700 §4.14.2)', async () => {
    const { token } = await givenRefreshToken();
    const first = await refresh(token);
    const second = await refresh(first.body.refresh_token);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(new Set([token, first.body.refresh_token, second.body.refresh_token]).size).toBe(3);
  });

  it('has one successor when 20 requests use it at once', async () => {
    const { grant, token } = await givenRefreshToken();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect(await provider.app.get(Grants).find(grant.id)).toMatchObject({ refreshGeneration: 1, isLive: true });
  });

  it('returns the same successor for a retry within the grace period', async () => {
    const { token } = await givenRefreshToken();
    const [first, retry] = [await refresh(token), await refresh(token)];
    expect(retry.body.refresh_token).toBe(first.body.refresh_token);
  });

  it('has a grace period that starts with the first use and is not extended by a retry', async () => {
    const { grant, token } = await givenRefreshToken();
    await refresh(token);
    await passed(grant, 6);
    expect((await refresh(token)).status).toBe(200);
    await passed(grant, 6);
    expect((await refresh(token)).body.error).toBe('invalid_grant');
  });

  it('revokes its grant when it is used again after the grace period (RFC 9700 §4.14.2)', async () => {
    const { grant, token } = await givenRefreshToken();
    const first = await refresh(token);
    await afterGrace(grant);
    expect((await refresh(token)).body.error).toBe('invalid_grant');
    expect(await isLive(grant)).toBe(false);
    expect((await refresh(first.body.refresh_token)).body.error).toBe('invalid_grant');
    expect(await countReuse(grant)).toBe(1);
  });

  it('is recorded as reused once when 10 requests use it at once after the grace period', async () => {
    const { grant, token } = await givenRefreshToken();
    await refresh(token);
    await afterGrace(grant);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(token)));
    expect(new Set(answers.map(({ body }) => body.error))).toEqual(new Set(['invalid_grant']));
    expect(await countReuse(grant)).toBe(1);
  });

  it.each([-30, 30])(
    'has a grace period by the clock of the database, although the clock of the replica is %i s off',
    async (seconds) => {
      const { grant, token } = await givenRefreshToken();
      const now = Date.now.bind(Date);
      Date.now = () => now() + seconds * 1000;
      try {
        const [first, retry] = [await refresh(token), await refresh(token)];
        expect(retry.body.refresh_token).toBe(first.body.refresh_token);
        await afterGrace(grant);
        expect((await refresh(token)).body.error).toBe('invalid_grant');
      } finally {
        Date.now = now;
      }
    },
  );

  it.each([
    ['returns its successor for a retry with the same key', 'first', 200],
    ['allows no retry with another key', 'other', 400],
    ['allows no retry without a key', undefined, 400],
  ] as const)('of a confidential client with a DPoP key %s', async (_name, used, status) => {
    const { grant, token } = await givenRefreshToken();
    const keys = { first: await DpopKey.generate(), other: await DpopKey.generate() };
    const refreshWith = async (key: DpopKey | undefined) =>
      refresh(token, {}, key && { dpop: await key.proof({ url: `${provider.url}/token` }) });
    expect((await refreshWith(keys.first)).status).toBe(200);
    expect((await refreshWith(used && keys[used])).status).toBe(status);
    expect(await isLive(grant)).toBe(status === 200);
    expect(await countReuse(grant)).toBe(status === 200 ? 0 : 1);
  });

  it('may be used by a confidential client with a new key each time (RFC 9449 §5)', async () => {
    const { token } = await givenRefreshToken();
    let newest = token;
    for (const key of [await DpopKey.generate(), await DpopKey.generate()]) {
      const dpop = await key.proof({ url: `${provider.url}/token` });
      const { body } = await refresh(newest, {}, { dpop });
      expect(payloadOf(body.access_token).cnf).toEqual({ jkt: key.jkt });
      newest = body.refresh_token;
    }
  });

  it('is not used up by a request that fails', async () => {
    const { grant, token } = await givenRefreshToken();
    const issue = import.meta.jest.spyOn(provider.app.get(UserTokenIssuer), 'issue');
    issue.mockRejectedValueOnce(new Error('no key to sign with'));
    expect((await refresh(token)).status).toBe(500);
    issue.mockRestore();
    expect(await provider.app.get(Grants).find(grant.id)).toMatchObject({ refreshGeneration: 0, refreshedAt: null });
  });

  it('revokes its grant when it is two generations old, even within the grace period', async () => {
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

  it('is refused when it is forged, and nothing is written', async () => {
    const { grant, token } = await givenRefreshToken();
    const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
    expect((await refresh(forged)).body.error).toBe('invalid_grant');
    expect(await provider.app.get(Grants).find(grant.id)).toMatchObject({ refreshGeneration: 0, isLive: true });
  });

  it('is refused after the session has ended (OpenID Connect Back-Channel Logout §2.7)', async () => {
    const { grant, token } = await givenRefreshToken();
    const sessions = provider.app.get(Sessions);
    const session = await sessions.find(grant.sessionId);
    if (session) await sessions.end(session, {});
    expect((await refresh(token)).body.error).toBe('invalid_grant');
  });

  it('works after the session has ended when offline_access was granted (OpenID Connect Core §11)', async () => {
    const { grant, redemption } = await givenGrant(provider, { scopes: ['openid', 'offline_access', 'contacts:read'] });
    const { body } = await post(provider, '/token', redemption, FRONTEND);
    const sessions = provider.app.get(Sessions);
    const session = await sessions.find(grant.sessionId);
    if (session) await sessions.end(session, {});
    expect((await refresh(body.refresh_token)).status).toBe(200);
  });

  it('allows a request for fewer scopes, never for more (RFC 6749 §6)', async () => {
    const { token } = await givenRefreshToken();
    expect((await refresh(token, { scope: 'contacts:write' })).body.error).toBe('invalid_scope');
    const less = await refresh(token, { scope: 'openid contacts:read', resource: DEMO.backend });
    expect(less.body.scope).toBe('contacts:read');
    expect((await refresh(less.body.refresh_token, { resource: 'https://elsewhere.example' })).body.error).toBe(
      'invalid_target',
    );
  });

  it('is exchanged for an ID token of the same sign-in, without a nonce (OpenID Connect Core §12.2)', async () => {
    const { grant, token } = await givenRefreshToken();
    const claims = payloadOf((await refresh(token)).body.id_token);
    expect(claims).toMatchObject({ sub: grant.userId, auth_time: Math.floor(grant.authenticatedAt.getTime() / 1000) });
    expect(claims).not.toHaveProperty('nonce');
  });
});
