import { randomSecret } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { type ProviderUnderTest, sharedWith, startProvider } from '../testing/provider-under-test.js';
import { FRONTEND, givenGrant, post } from '../testing/token-requests.js';

const [old, next] = [randomSecret(), randomSecret()];

/** The replicas of an installation in the middle of replacing `GRANT_KEY`, and one that is done with it. */
let before: ProviderUnderTest;
let meanwhile: ProviderUnderTest;
let after: ProviderUnderTest;

beforeAll(async () => {
  const database = await testDatabase();
  before = await startProvider(database, { GRANT_KEY: `${old},${next}` });
  meanwhile = await startProvider(database, { ...sharedWith(before), GRANT_KEY: `${next},${old}` });
  after = await startProvider(database, { ...sharedWith(before), GRANT_KEY: next });
});
afterAll(() => Promise.all([before, meanwhile, after].map((provider) => provider.stop())));

const refresh = (provider: ProviderUnderTest, refresh_token: string) =>
  post(provider, '/token', { grant_type: 'refresh_token', refresh_token }, FRONTEND);

/** A refresh token that was made under the old key. */
async function givenRefreshToken(): Promise<string> {
  const { redemption } = await givenGrant(before);
  return (await post(before, '/token', redemption, FRONTEND)).body.refresh_token;
}

describe('while GRANT_KEY is being replaced', () => {
  it('a code that was made under the old key is good, as long as that is among the keys', async () => {
    const [good, late] = [await givenGrant(before), await givenGrant(before)];
    expect((await post(meanwhile, '/token', good.redemption, FRONTEND)).status).toBe(200);
    expect((await post(after, '/token', late.redemption, FRONTEND)).body.error).toBe('invalid_grant');
  });

  it('a refresh token that was made under the old key is replaced by one under the new', async () => {
    const first = await givenRefreshToken();
    expect((await refresh(after, first)).body.error).toBe('invalid_grant');
    const second = await refresh(meanwhile, first);
    expect((await refresh(after, second.body.refresh_token)).status).toBe(200);
  });

  it('a retry at a replica with the other key gets the same successor, however it is spelled (RFC 9700 §4.14.2)', async () => {
    const first = await givenRefreshToken();
    const one = await refresh(before, first);
    const other = await refresh(meanwhile, first);
    expect([one.status, other.status]).toEqual([200, 200]);
    // Whichever of the two answers arrived: there is one chain, which goes on with either, at either replica.
    const third = await refresh(meanwhile, one.body.refresh_token);
    const again = await refresh(before, other.body.refresh_token);
    expect([third.status, again.status]).toEqual([200, 200]);
    expect((await refresh(after, third.body.refresh_token)).status).toBe(200);
  });

  it('and one that was replaced before still ends the grant, under whichever key it was made (RFC 9700 §4.14.2)', async () => {
    const first = await givenRefreshToken();
    const second = await refresh(meanwhile, first);
    const third = await refresh(meanwhile, second.body.refresh_token);
    expect((await refresh(meanwhile, first)).body.error).toBe('invalid_grant');
    expect((await refresh(meanwhile, third.body.refresh_token)).body.error).toBe('invalid_grant');
  });
});
