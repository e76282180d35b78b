import { randomSecret } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { type ProviderUnderTest, sharedWith, startProvider } from '../testing/provider-under-test.js';
import { FRONTEND, givenGrant, post } from '../testing/token-requests.js';

const [old, next] = [randomSecret(), randomSecret()];

/** Replicas in the three steps of replacing `GRANT_KEY`: old and new key, new and old key, new key only. */
let before: ProviderUnderTest;
let during: ProviderUnderTest;
let after: ProviderUnderTest;

beforeAll(async () => {
  const database = await testDatabase();
  before = await startProvider(database, { GRANT_KEY: `${old},${next}` });
  during = await startProvider(database, { ...sharedWith(before), GRANT_KEY: `${next},${old}` });
  after = await startProvider(database, { ...sharedWith(before), GRANT_KEY: next });
});
afterAll(() => Promise.all([before, during, after].map((provider) => provider.stop())));

const refresh = (provider: ProviderUnderTest, refresh_token: string) =>
  post(provider, '/token', { grant_type: 'refresh_token', refresh_token }, FRONTEND);

/** Returns a refresh token that was derived with the old key. */
async function givenRefreshToken(): Promise<string> {
  const { redemption } = await givenGrant(before);
  return (await post(before, '/token', redemption, FRONTEND)).body.refresh_token;
}

describe('while GRANT_KEY is being replaced', () => {
  it('accepts a code derived with the old key as long as that key is configured', async () => {
    const [good, late] = [await givenGrant(before), await givenGrant(before)];
    expect((await post(during, '/token', good.redemption, FRONTEND)).status).toBe(200);
    expect((await post(after, '/token', late.redemption, FRONTEND)).body.error).toBe('invalid_grant');
  });

  it('replaces a refresh token derived with the old key by one derived with the new key', async () => {
    const first = await givenRefreshToken();
    expect((await refresh(after, first)).body.error).toBe('invalid_grant');
    const second = await refresh(during, first);
    expect((await refresh(after, second.body.refresh_token)).status).toBe(200);
  });

  it('keeps one chain when a retry reaches a replica that derives with the other key (RFC 9700 §4.14.2)', async () => {
    const first = await givenRefreshToken();
    const one = await refresh(before, first);
    const other = await refresh(during, first);
    expect([one.status, other.status]).toEqual([200, 200]);
    // The two answers name the same successor, so the chain goes on with either of them, at either replica.
    const third = await refresh(during, one.body.refresh_token);
    const again = await refresh(before, other.body.refresh_token);
    expect([third.status, again.status]).toEqual([200, 200]);
    expect((await refresh(after, third.body.refresh_token)).status).toBe(200);
  });

  it('revokes the grant when an already replaced token of the old key is used again (RFC 9700 §4.14.2)', async () => {
    const first = await givenRefreshToken();
    const second = await refresh(during, first);
    const third = await refresh(during, second.body.refresh_token);
    expect((await refresh(during, first)).body.error).toBe('invalid_grant');
    expect((await refresh(during, third.body.refresh_token)).body.error).toBe('invalid_grant');
  });
});
