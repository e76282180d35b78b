import { testDatabase } from '@trefoil/testing';
import { Not } from 'typeorm';
import { Grants } from '../../grants/grants.js';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { type GivenTokens, givenAccountTokens, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { BACKEND, basic, FRONTEND, givenGrant, MARKETING_SYNC, payloadOf, post } from '../../testing/token-requests.js';

const { jest } = import.meta;

const ALICE = 'a11ce000-0000-4000-8000-000000000001';

const ALL_BUT_THE_DATE = [
  ...(['nextTick', 'hrtime', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const revoke = (token: string, authorization: string | undefined = FRONTEND, more: Record<string, string> = {}) =>
  post(provider, '/revoke', { token, ...more }, authorization);

const refresh = (refresh_token: string) =>
  post(provider, '/token', { grant_type: 'refresh_token', refresh_token }, FRONTEND);

const isAccepted = async (accessToken: string) =>
  (await request(provider, '/userinfo', { token: accessToken })).status === 200;
const isLive = async ({ grant }: GivenTokens) => (await provider.app.get(Grants).find(grant.id))?.isLive;
// Refused tokens are recorded too; these tests are about revocations only.
const events = () =>
  provider.dataSource.manager.find(SecurityEvent, { where: { type: Not('token-refused') }, order: { id: 'ASC' } });
const lastEvent = async () => (await events()).at(-1);

describe('revocation of a refresh token', () => {
  it('revokes its grant with every access token of it (RFC 7009 §2.1), and records who did it', async () => {
    const given = await givenAccountTokens(provider);
    const answer = await revoke(given.refreshToken);
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await isLive(given)).toBe(false);
    expect((await refresh(given.refreshToken)).body.error).toBe('invalid_grant');
    expect(await isAccepted(given.accessToken)).toBe(false);
    expect(await lastEvent()).toMatchObject({
      type: 'grant-revoked',
      outcome: 'success',
      clientId: 'frontend',
      userId: ALICE,
      sessionId: given.grant.sessionId,
      grantId: given.grant.id,
      address: expect.any(String),
      requestId: expect.any(String),
    });
  });

  it('revokes a grant that has expired only by the clock of the replica, which may be wrong', async () => {
    const given = await givenAccountTokens(provider);
    jest.useFakeTimers({ now: given.grant.expiresAt.getTime() + 1000, doNotFake: ALL_BUT_THE_DATE });
    try {
      expect((await revoke(given.refreshToken)).status).toBe(200);
    } finally {
      jest.useRealTimers();
    }
    expect(await isLive(given)).toBe(false);
  });

  it('revokes a grant that has just expired, because its access tokens may still be valid', async () => {
    const given = await givenAccountTokens(provider);
    await provider.dataSource.query('UPDATE grants SET expires_at = now() WHERE id = $1', [given.grant.id]);
    expect((await revoke(given.refreshToken)).status).toBe(200);
    expect(await lastEvent()).toMatchObject({ type: 'grant-revoked', grantId: given.grant.id });
  });

  it('changes and records nothing when its grant and all access tokens of it have expired', async () => {
    const given = await givenAccountTokens(provider);
    await provider.dataSource.query(`UPDATE grants SET expires_at = now() - interval '1 day' WHERE id = $1`, [
      given.grant.id,
    ]);
    const before = await events();
    expect((await revoke(given.refreshToken)).status).toBe(200);
    expect(await events()).toEqual(before);
  });

  it('works with a rotated token, because the response with its successor may have been lost', async () => {
    const given = await givenAccountTokens(provider);
    await refresh(given.refreshToken);
    await revoke(given.refreshToken);
    expect(await isLive(given)).toBe(false);
  });

  it('is recorded once, even when it is requested twice', async () => {
    const given = await givenAccountTokens(provider);
    await revoke(given.refreshToken);
    const { length } = await events();
    expect((await revoke(given.refreshToken)).status).toBe(200);
    expect(await events()).toHaveLength(length);
  });
});

describe('revocation of an access token', () => {
  it('revokes this token and leaves the grant valid (RFC 7009 §2.1)', async () => {
    const given = await givenAccountTokens(provider);
    expect(await isAccepted(given.accessToken)).toBe(true);
    expect((await revoke(given.accessToken)).status).toBe(200);
    expect(await isAccepted(given.accessToken)).toBe(false);
    expect(await isLive(given)).toBe(true);
    const { body } = await refresh(given.refreshToken);
    expect(await isAccepted(body.access_token)).toBe(true);
  });

  it('is recorded once', async () => {
    const given = await givenAccountTokens(provider);
    await revoke(given.accessToken);
    const recorded = await events();
    expect(recorded.at(-1)).toMatchObject({
      type: 'token-revoked',
      outcome: 'success',
      clientId: 'frontend',
      userId: ALICE,
      grantId: given.grant.id,
      tokenId: payloadOf(given.accessToken).jti,
    });
    await revoke(given.accessToken);
    expect(await events()).toHaveLength(recorded.length);
  });

  it('is stored until shortly after the token expires', async () => {
    const { accessToken } = await givenAccountTokens(provider);
    await revoke(accessToken);
    const { jti, exp } = payloadOf(accessToken);
    const [entry] = await provider.dataSource.query<[{ expires_at: Date }]>(
      'SELECT expires_at FROM revoked_tokens WHERE jti = $1',
      [jti],
    );
    const secondsAfterExpiry = entry.expires_at.getTime() / 1000 - Number(exp);
    expect(secondsAfterExpiry).toBeGreaterThan(30);
    expect(secondsAfterExpiry).toBeLessThan(90);
  });

  it('works for a token of a machine client', async () => {
    const grant = { grant_type: 'client_credentials', scope: 'contacts:export' };
    const { body } = await post(provider, '/token', grant, MARKETING_SYNC);
    const introspect = () => post(provider, '/introspect', { token: body.access_token }, BACKEND);
    expect((await introspect()).body.active).toBe(true);
    await revoke(body.access_token, MARKETING_SYNC);
    expect((await introspect()).body).toEqual({ active: false });
    expect(await lastEvent()).toMatchObject({ type: 'token-revoked', clientId: 'marketing-sync', userId: null });
  });
});

describe('revocation', () => {
  it('is open to public clients (RFC 7009 §2.1)', async () => {
    const api = `${provider.url}/api`;
    const { redemption } = await givenGrant(provider, { clientId: 'demo-cli', resources: [api], scopes: ['openid'] });
    const { body } = await post(provider, '/token', { ...redemption, client_id: 'demo-cli' });
    expect(await isAccepted(body.access_token)).toBe(true);
    expect((await post(provider, '/revoke', { token: body.refresh_token, client_id: 'demo-cli' })).status).toBe(200);
    expect(await isAccepted(body.access_token)).toBe(false);
  });

  it('may be requested by pages of other origins (RFC 7009 §2.3)', async () => {
    const { headers } = await request(provider, '/revoke', {
      method: 'POST',
      headers: { origin: 'https://spa.example' },
    });
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each(['access_token', 'refresh_token', 'something_else'])(
    'does not rely on the hint %s (RFC 7009 §2.1)',
    async (token_type_hint) => {
      const given = await givenAccountTokens(provider);
      await revoke(given.accessToken, FRONTEND, { token_type_hint });
      expect(await isAccepted(given.accessToken)).toBe(false);
      await revoke(given.refreshToken, FRONTEND, { token_type_hint });
      expect(await isLive(given)).toBe(false);
    },
  );

  it('responds with 200 to an invalid token and does nothing (RFC 7009 §2.2)', async () => {
    const before = await events();
    for (const token of ['abc', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', 'tfr_AAAA', 'tfc_AAAA', 'ü'.repeat(2000)]) {
      expect((await revoke(token)).status).toBe(200);
    }
    expect(await events()).toEqual(before);
  });

  it('refuses the tokens of another client, which stay valid (RFC 7009 §2.1)', async () => {
    const given = await givenAccountTokens(provider);
    const before = await events();
    const refused = { status: 400, body: { error: 'invalid_grant' } };
    expect(await revoke(given.accessToken, BACKEND)).toMatchObject(refused);
    expect(await revoke(given.refreshToken, BACKEND)).toMatchObject(refused);
    const byPublicClient = await post(provider, '/revoke', { token: given.refreshToken, client_id: 'demo-cli' });
    expect(byPublicClient).toMatchObject(refused);
    expect(await isAccepted(given.accessToken)).toBe(true);
    expect(await isLive(given)).toBe(true);
    expect(await events()).toEqual(before);
  });

  it('refuses a confidential client that does not authenticate (RFC 7009 §2.1)', async () => {
    const given = await givenAccountTokens(provider);
    const unproven = await post(provider, '/revoke', { token: given.refreshToken, client_id: 'frontend' });
    const wrong = await revoke(given.refreshToken, basic('frontend', 'wrong'));
    for (const { status, body } of [unproven, wrong]) expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(await isLive(given)).toBe(true);
  });

  it('refuses a request without a token (RFC 7009 §2.1)', async () => {
    expect(await revoke('')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('accepts a form body only (RFC 7009 §2.1)', async () => {
    const { refreshToken } = await givenAccountTokens(provider);
    const headers = { authorization: FRONTEND, 'content-type': 'application/json' };
    const body = JSON.stringify({ token: refreshToken });
    expect((await request(provider, '/revoke', { method: 'POST', headers, body })).body.error).toBe('invalid_request');
  });
});

describe('the limit of revocations', () => {
  let limited: ProviderUnderTest;
  beforeAll(async () => {
    limited = await startProvider(await testDatabase(), { REVOCATIONS_PER_CLIENT: '2', TRUSTED_PROXIES: '1' });
  });
  afterAll(() => limited.stop());

  const machineToken = async () => {
    const grant = { grant_type: 'client_credentials', scope: 'contacts:export' };
    return (await post(limited, '/token', grant, MARKETING_SYNC)).body.access_token;
  };
  const cliTokens = async () => {
    const given = { clientId: 'demo-cli', resources: [`${limited.url}/api`], scopes: ['openid'] };
    const { redemption } = await givenGrant(limited, given);
    return (await post(limited, '/token', { ...redemption, client_id: 'demo-cli' })).body;
  };

  it('refuses more of them with 429 and Retry-After, and no other client is limited (RFC 6585 §4)', async () => {
    const tokens = [await machineToken(), await machineToken(), await machineToken()];
    const answers = [];
    for (const token of tokens) answers.push(await post(limited, '/revoke', { token }, MARKETING_SYNC));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const { accessToken } = await givenAccountTokens(limited);
    expect((await post(limited, '/revoke', { token: accessToken }, FRONTEND)).status).toBe(200);
  });

  it('does not count tokens that are not valid, so that nobody uses up the limit of a public client', async () => {
    const { refresh_token: token } = await cliTokens();
    for (let count = 0; count < 5; count++) {
      expect((await post(limited, '/revoke', { token: 'garbage', client_id: 'demo-cli' })).status).toBe(200);
    }
    expect((await post(limited, '/revoke', { token, client_id: 'demo-cli' })).status).toBe(200);
  });

  it('is counted for each network of a public client, because one user must not use it up for the others', async () => {
    const from = async (network: string) => {
      const { refresh_token: token } = await cliTokens();
      const headers = { 'x-forwarded-for': network };
      return (await post(limited, '/revoke', { token, client_id: 'demo-cli' }, undefined, headers)).status;
    };
    const statuses = [await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.1')];
    expect([...statuses, await from('203.0.113.2')]).toEqual([200, 200, 429, 200]);
  });
});
