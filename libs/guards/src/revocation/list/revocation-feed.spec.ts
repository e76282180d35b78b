import type { FeedEntry } from '@trefoil/state-store';
import { ListFreshness } from './list-freshness.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevokedTokens } from './revoked-tokens.js';

const KEPT_SECONDS = 600;
/** As in `check-claims.ts`. */
const TOLERANCE_SECONDS = 30;

describe('RevocationFeed', () => {
  it('keeps a revocation for as long as the token would be accepted, including the clock tolerance', async () => {
    let seconds = 0;
    const now = () => seconds * 1000;
    const entries: FeedEntry<unknown>[] = [];
    const ttls: number[] = [];
    const store = {
      get: async () => undefined,
      set: async () => undefined,
      append: async (_feed: string, values: readonly unknown[], ttlSeconds: number) => {
        ttls.push(ttlSeconds);
        for (const value of values) entries.push({ position: entries.length + 1, value });
      },
      readAfter: async <T>(_feed: string, position: number) => entries.slice(position) as FeedEntry<T>[],
      onAppended: () => () => undefined,
    };
    const list = new RevokedTokens(10, now);
    const freshness = new ListFreshness({ freshSeconds: 40, staleSeconds: 300 }, now);
    const options = { resource: 'https://notes.example', keptSeconds: KEPT_SECONDS, freshSeconds: 40, now };
    const feed = new RevocationFeed(store, list, freshness, options, () => undefined);

    await feed.append([{ jti: 'set', revocation: { kind: 'token', id: 'token' }, occurredAt: 0 }]);
    const claims = { jti: 'token', client_id: 'frontend' };
    // The token was issued just before the revocation, and has a lifetime of KEPT_SECONDS.
    seconds = KEPT_SECONDS + TOLERANCE_SECONDS - 1;
    await feed.catchUp();
    expect([list.includes(claims), ttls]).toEqual([true, [KEPT_SECONDS + TOLERANCE_SECONDS]]);
    seconds = KEPT_SECONDS + TOLERANCE_SECONDS;
    await feed.catchUp();
    expect(list.includes(claims)).toBe(false);
  });
});
