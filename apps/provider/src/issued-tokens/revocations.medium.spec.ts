import { testDatabase } from '@trefoil/testing';
import { Not } from 'typeorm';
import { type GivenTokens, givenAccountTokens, request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { BACKEND, FRONTEND, givenGrant, MARKETING_SYNC, payloadOf, post } from '../testing/token-requests.js';
import { IssuedAccessTokens } from './issued-access-tokens.js';
import { Client } from '../clients/client.entity.js';
import { Grants } from '../grants/grants.js';
import { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { Sessions } from '../sessions/sessions.js';
import { Revocations } from './revocations.js';

const { jest } = import.meta;

const BY_ADMIN = { actor: 'admin', requestId: 'request-1' };

let provider: ProviderUnderTest;
let revocations: Revocations;
/** The number of events before the test. */
let earlier: number;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  revocations = provider.app.get(Revocations);
});
afterAll(() => provider.stop());
beforeEach(async () => {
  earlier = (await allEvents()).length;
});
afterEach(() => jest.restoreAllMocks());

const isAccepted = async (token: string) => (await request(provider, '/userinfo', { token })).status === 200;
const refresh = (refresh_token: string) =>
  post(provider, '/token', { grant_type: 'refresh_token', refresh_token }, FRONTEND);
// Refused tokens are recorded too; these tests are about revocations only.
const allEvents = () =>
  provider.dataSource.manager.find(SecurityEvent, { where: { type: Not('token-refused') }, order: { id: 'ASC' } });
const events = async () => (await allEvents()).slice(earlier);
const typesOf = async () => (await events()).map(({ type }) => type);

const sessionOf = async ({ grant }: GivenTokens) => {
  const session = await provider.app.get(Sessions).find(grant.sessionId);
  if (!session) throw new Error('The session has ended.');
  return session;
};

/** Waits until a transaction waits for a lock of another one. */
async function untilBlocked(): Promise<void> {
  const blocked = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await provider.dataSource.query<unknown[]>(blocked)).length === 0) await new Promise(setImmediate);
}

const machineToken = async () =>
  (await post(provider, '/token', { grant_type: 'client_credentials', scope: 'contacts:export' }, MARKETING_SYNC)).body
    .access_token;
const isActive = async (token: string) => (await post(provider, '/introspect', { token }, BACKEND)).body.active;

/** Returns a token of the frontend for the backend, and the token that the backend exchanged it for. */
async function givenExchange() {
  const { redemption, grant } = await givenGrant(provider, {
    scopes: ['openid', 'account:read', 'contacts:read'],
  });
  const subject = (await post(provider, '/token', redemption, FRONTEND)).body.access_token;
  const exchange = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subject,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  };
  const exchanged = (await post(provider, '/token', exchange, BACKEND)).body.access_token;
  return { grant, subject, exchanged };
}

const readsAccount = async (token: string) => (await request(provider, '/api/account', { token })).status === 200;

describe('revocation of one token', () => {
  it('revokes the tokens that were exchanged for it, and no other token of its grant', async () => {
    const { grant, subject, exchanged } = await givenExchange();
    expect(await readsAccount(exchanged)).toBe(true);
    const claims = await provider.app.get(IssuedAccessTokens).find(subject);
    if (!claims) throw new Error('The token is not valid.');
    await revocations.revokeToken(claims, BY_ADMIN);
    expect(await readsAccount(exchanged)).toBe(false);
    expect((await provider.app.get(Grants).find(grant.id))?.isLive).toBe(true);
    expect(await events()).toMatchObject([{ type: 'token-revoked', tokenId: claims.jti, ...BY_ADMIN }]);
  });

  it('keeps the subject token valid when the exchanged token is revoked', async () => {
    const { subject, exchanged } = await givenExchange();
    const claims = await provider.app.get(IssuedAccessTokens).find(exchanged);
    if (!claims) throw new Error('The token is not valid.');
    await revocations.revokeToken(claims, BY_ADMIN);
    expect([await readsAccount(exchanged), await isActive(subject)]).toEqual([false, true]);
  });
});

describe('revocation of a grant', () => {
  it('revokes its tokens and the tokens that were exchanged for them', async () => {
    const { grant, subject, exchanged } = await givenExchange();
    await revocations.revokeGrant(grant, BY_ADMIN);
    expect([await isActive(subject), await readsAccount(exchanged)]).toEqual([false, false]);
    expect(await events()).toMatchObject([{ type: 'grant-revoked', grantId: grant.id, ...BY_ADMIN }]);
  });
});

describe('revocation of a session', () => {
  it('revokes the tokens that depend on it, notifies the clients, and is not recorded as a sign-out', async () => {
    const given = await givenAccountTokens(provider);
    const session = await sessionOf(given);
    await provider.dataSource.manager.update(Client, 'frontend', {
      backchannelLogoutUri: 'https://app.example/logout',
    });
    await revocations.revokeSession(session, BY_ADMIN);
    expect(await isAccepted(given.accessToken)).toBe(false);
    expect((await refresh(given.refreshToken)).body.error).toBe('invalid_grant');
    // The event of the grant revokes its tokens at resource servers, which know no session of other clients.
    expect(await events()).toMatchObject([
      { type: 'session-revoked', sessionId: session.id, ...BY_ADMIN },
      { type: 'grant-revoked', sessionId: session.id, grantId: given.grant.id, clientId: 'frontend', ...BY_ADMIN },
    ]);
    expect(await provider.dataSource.manager.countBy(LogoutDelivery, { sessionId: session.id })).toBe(1);
  });

  it('revokes grants with offline access too: the person ends everything that was done in the session', async () => {
    const scopes = ['openid', 'offline_access', 'account:read'];
    const { redemption, grant } = await givenGrant(provider, { scopes, resources: [`${provider.url}/api`] });
    const { body } = await post(provider, '/token', redemption, FRONTEND);
    expect(payloadOf(body.access_token).sid).toBeUndefined();
    const session = await provider.app.get(Sessions).find(grant.sessionId);
    if (session) await revocations.revokeSession(session, BY_ADMIN);
    expect(await isAccepted(body.access_token)).toBe(false);
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
    expect(await events()).toMatchObject([{ type: 'session-revoked' }, { type: 'grant-revoked', grantId: grant.id }]);
  });

  it('revokes a grant that is being inserted when the session ends', async () => {
    const { grant } = await givenGrant(provider);
    const session = await provider.app.get(Sessions).find(grant.sessionId);
    if (!session) throw new Error('The session has ended.');
    const inserting = provider.dataSource.createQueryRunner();
    await inserting.startTransaction();
    const { id: sessionId } = session;
    const late = await givenGrant(provider, { sessionId, scopes: ['offline_access'] }, inserting.manager);
    const ending = revocations.revokeSession(session, BY_ADMIN);
    await untilBlocked();
    await inserting.commitTransaction();
    await inserting.release();
    await ending;
    expect((await provider.app.get(Grants).find(late.grant.id))?.isLive).toBe(false);
  });
});

describe('revocation of all tokens of a client', () => {
  afterEach(() => provider.dataSource.manager.update(Client, 'marketing-sync', { tokenGeneration: 0 }));

  it('revokes the tokens issued until then; new ones are valid at once, even when clocks differ', async () => {
    const before = await machineToken();
    await revocations.revokeClientTokens('marketing-sync', BY_ADMIN);
    const after = await machineToken();
    expect([await isActive(before), await isActive(after)]).toEqual([false, true]);
    expect(payloadOf(after).client_generation).toBe(1);
    expect(await events()).toMatchObject([
      { type: 'client-tokens-revoked', clientId: 'marketing-sync', details: { generation: '1' }, ...BY_ADMIN },
    ]);
  });

  it('revokes grants too, and the tokens that a server exchanged for a token of the client', async () => {
    const { subject, exchanged } = await givenExchange();
    await revocations.revokeClientTokens('frontend', BY_ADMIN);
    expect([await isActive(subject), await readsAccount(exchanged)]).toEqual([false, false]);
  });
});

describe('revocation of all tokens of a user', () => {
  it('ends every session and grant, including those with offline_access, and records each', async () => {
    const given = [await givenAccountTokens(provider), await givenAccountTokens(provider)];
    const scopes = ['openid', 'offline_access', 'account:read'];
    const { redemption, grant } = await givenGrant(provider, { scopes, resources: [`${provider.url}/api`] });
    const offline = (await post(provider, '/token', redemption, FRONTEND)).body;
    await revocations.revokeUserTokens(grant.userId, BY_ADMIN);

    for (const { accessToken, refreshToken, grant: ended } of given) {
      expect(await isAccepted(accessToken)).toBe(false);
      expect((await refresh(refreshToken)).body.error).toBe('invalid_grant');
      expect(await provider.app.get(Sessions).find(ended.sessionId)).toBeNull();
    }
    expect(await isAccepted(offline.access_token)).toBe(false);
    expect((await refresh(offline.refresh_token)).body.error).toBe('invalid_grant');
    const [first, ...others] = await events();
    expect(first).toMatchObject({ type: 'user-tokens-revoked', userId: grant.userId, ...BY_ADMIN });
    const ended = others.filter(({ type }) => type === 'grant-revoked').map(({ grantId }) => grantId);
    expect(ended).toEqual(expect.arrayContaining([grant.id, ...given.map((one) => one.grant.id)]));
  });

  it('revokes a grant that has expired, as long as its access tokens may be valid', async () => {
    const [{ longest }] = await provider.dataSource.query<[{ longest: number }]>(
      'SELECT max(access_token_lifetime) AS longest FROM resource_servers',
    );
    const expired = async (secondsAgo: number) => {
      const { grant } = await givenGrant(provider, { expiresAt: new Date(Date.now() - secondsAgo * 1000) });
      return grant;
    };
    const [recent, old] = [await expired(longest - 1), await expired(longest + 3600)];
    await revocations.revokeUserTokens(recent.userId, BY_ADMIN);
    const revoked = (await events()).filter(({ type }) => type === 'grant-revoked').map(({ grantId }) => grantId);
    expect(revoked).toContain(recent.id);
    expect(revoked).not.toContain(old.id);
  });

  it('is rolled back as a whole when a security event cannot be recorded', async () => {
    const given = await givenAccountTokens(provider);
    jest.spyOn(provider.app.get(SecurityEvents), 'record').mockRejectedValue(new Error('the disk is full'));
    await expect(revocations.revokeUserTokens(given.grant.userId, BY_ADMIN)).rejects.toThrow('the disk is full');
    expect(await isAccepted(given.accessToken)).toBe(true);
    expect(await typesOf()).toEqual([]);
  });
});
