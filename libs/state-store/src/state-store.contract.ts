import { describeEntries } from './entries.contract.js';
import { describeFeeds } from './feeds.contract.js';
import { describeLocks } from './locks.contract.js';
import { describeRateLimiters } from './rate-limiter.contract.js';
import type { StateStore } from './state-store.js';

/** Defines the tests that every implementation of {@link StateStore} must pass. */
export function describeStateStore(name: string, makeStore: () => Promise<StateStore>): void {
  describe(name, () => {
    let store: StateStore;
    let keys = 0;
    const given = () => ({ store, key: `test:${keys++}` });

    beforeAll(async () => {
      store = await makeStore();
    });

    it('check resolves while the server answers', async () => {
      await store.check();
    });

    describeEntries(given);
    describeLocks(given);
    describeRateLimiters(() => store);
    describeFeeds(given, makeStore);
  });
}
