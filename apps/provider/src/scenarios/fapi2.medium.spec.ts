import { demoUsers, RelyingParty, testDatabase } from '@trefoil/testing';
import { Grant } from '../grants/grant.entity.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { givenClient, givenKey, type TestClient } from '../testing/test-clients.js';
import { payloadOf } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), { CODE_LIFETIME: '300' });
});
afterAll(() => provider.stop());

const relyingPartyOf = ({ clientId, redirectUri, key }: TestClient, dpop = true): Promise<RelyingParty> =>
  RelyingParty.discover({
    issuer: provider.url,
    clientId,
    redirectUri,
    privateKey: { key: key.privateKey, kid: key.kid },
    dpop,
  });

const alice = { ...demoUsers.alice, scope: 'openid email account:read offline_access' };

describe('openid-client as a client with the profile fapi2', () => {
  it.each(['ES256', 'PS256', 'EdDSA'] as const)(
    'signs in with a signed, pushed request and client assertions signed with %s (FAPI 2.0 §5.3)',
    async (algorithm) => {
      const client = await givenClient(provider, { profile: 'fapi2', key: await givenKey(algorithm) });
      const relyingParty = await relyingPartyOf(client);
      const tokens = await relyingParty.signIn({ ...alice, pushed: true, signed: true });
      expect(tokens.token_type).toBe('dpop');
      expect(payloadOf(tokens.access_token)).toMatchObject({ client_id: client.clientId, cnf: expect.anything() });
    },
  );

  it('keeps its refresh token, which is not rotated (FAPI 2.0 §5.3.2.1)', async () => {
    const client = await givenClient(provider, { profile: 'fapi2' });
    const relyingParty = await relyingPartyOf(client);
    const tokens = await relyingParty.signIn({ ...alice, pushed: true });
    const [first, second] = [await relyingParty.refresh(tokens), await relyingParty.refresh(tokens)];
    expect([first.refresh_token, second.refresh_token]).toEqual([tokens.refresh_token, tokens.refresh_token]);
    const grantId = String(payloadOf(tokens.access_token).grant_id);
    const grant = await provider.dataSource.manager.findOneByOrFail(Grant, { id: grantId });
    expect(grant.refreshGeneration).toBe(0);

    await provider.dataSource.manager.update(Grant, { id: grantId }, { revokedAt: new Date() });
    await expect(relyingParty.refresh(tokens)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('has 60 seconds to redeem its code, even if the configuration allows longer (FAPI 2.0 §5.3.2.2)', async () => {
    const client = await givenClient(provider, { profile: 'fapi2' });
    await (await relyingPartyOf(client)).authorize({ ...alice, pushed: true });
    const grant = await provider.dataSource.manager.findOneByOrFail(Grant, { clientId: client.clientId });
    const seconds = (grant.codeExpiresAt.getTime() - grant.createdAt.getTime()) / 1000;
    expect(seconds).toBeLessThanOrEqual(60);
  });
});

describe('openid-client as a client with the profile oidc and a key', () => {
  it.each([
    ['plain', {}],
    ['pushed', { pushed: true }],
    ['signed', { signed: true }],
  ])('signs in with a %s request and refreshes (RFC 7523, RFC 9101, RFC 9126)', async (_, request) => {
    const client = await givenClient(provider, { profile: 'oidc', key: await givenKey('RS256') });
    const relyingParty = await relyingPartyOf(client, false);
    const tokens = await relyingParty.signIn({ ...alice, ...request });
    const refreshed = await relyingParty.refresh(tokens);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  });
});
