import { testDatabase } from '@trefoil/testing';
import { User } from '../users/user.entity.js';
import { type ProviderUnderTest, startProvider } from './provider-under-test.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

describe('startProvider', () => {
  it('starts a provider that is ready', async () => {
    const answer = await fetch(`${provider.url}/health/ready`);
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: { status: 'up', checks: { database: 'up' } },
    });
  });

  it('inserts the demo data', async () => {
    expect(await provider.dataSource.manager.existsBy(User, { email: 'alice@example.com' })).toBe(true);
  });
});
