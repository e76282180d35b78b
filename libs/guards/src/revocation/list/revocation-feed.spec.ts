import type { FeedEntry, StateEntry } from '@trefoil/state-store';
import { ListFreshness } from './list-freshness.js';
import { type ReportedRevocation, RevocationFeed } from './revocation-feed.js';
import { RevokedTokens } from './revoked-tokens.js';

const KEPT_SECONDS = 600;
/** As in `check-claims.ts`. */
const TOLERANCE_SECONDS = 30;

let seconds: number;
let entries: FeedEntry<unknown>[];
let ttls: number[];
let unreadable: number;
let lastPolls: unknown[];
let storedPoll: StateEntry<unknown> | undefined;
let list: RevokedTokens;
let feed: RevocationFeed;

const now = () => seconds * 1000;
const store = {
  get: async <T>() => storedPoll as StateEntry<T> | undefined,
  set: async (_key: string, value: unknown) => {
    storedPoll = { value, version: lastPolls.push(value) };
  },
  compareAndSet: async (_key: string, _version: number, value: unknown) => lastPolls.push(value) > 0,
  append: async (_feed: string, values: readonly unknown[], ttlSeconds: number) => {
    ttls.push(ttlSeconds);
    for (const value of values) write(value);
  },
  readAfter: async <T>(_feed: string, position: number, limit: number) =>
    entries.slice(position, position + limit) as FeedEntry<T>[],
  onAppended: () => () => undefined,
};
const write = (value: unknown) => entries.push({ position: entries.length + 1, value });

function replica(limit = 10): RevocationFeed {
  list = new RevokedTokens(limit, now);
  const freshness = new ListFreshness({ freshSeconds: 40, staleSeconds: 300 }, now);
  const options = { resource: 'https://notes.example', keptSeconds: KEPT_SECONDS, freshSeconds: 40, limit, now };
  return new RevocationFeed(store, list, freshness, options, {
    onLag: () => undefined,
    onUnreadable: () => unreadable++,
  });
}

beforeEach(() => {
  [seconds, unreadable] = [0, 0];
  [entries, ttls, lastPolls] = [[], [], []];
  storedPoll = undefined;
  feed = replica();
});

const claims = { jti: 'token', client_id: 'frontend' };
const reported = (more: Partial<ReportedRevocation> = {}): ReportedRevocation => ({
  jti: 'set',
  revocation: { kind: 'token', id: 'token' },
  occurredAt: seconds,
  ...more,
});

describe('a revocation', () => {
  it('is kept for as long as the token would be accepted, including the clock tolerance', async () => {
    await feed.append([reported()]);
    // The token was issued just before the revocation, and has a lifetime of KEPT_SECONDS.
    seconds = KEPT_SECONDS + TOLERANCE_SECONDS - 1;
    await feed.catchUp();
    expect([list.includes(claims), ttls]).toEqual([true, [KEPT_SECONDS + TOLERANCE_SECONDS]]);
    seconds = KEPT_SECONDS + TOLERANCE_SECONDS;
    await feed.catchUp();
    expect(list.includes(claims)).toBe(false);
  });

  it('is kept only until the token expires when the event names that time', async () => {
    await feed.append([reported({ expiresAt: 60 })]);
    seconds = 60 + TOLERANCE_SECONDS - 1;
    await feed.catchUp();
    expect(list.includes(claims)).toBe(true);
    seconds += 1;
    await feed.catchUp();
    expect([list.size, ttls]).toEqual([0, [60 + TOLERANCE_SECONDS]]);
  });

  it('is not kept for longer than others when the event names a later time', async () => {
    await feed.append([reported({ expiresAt: 1_000_000 })]);
    expect(ttls).toEqual([KEPT_SECONDS + TOLERANCE_SECONDS]);
  });

  it('is not stored when its token can no longer be accepted', async () => {
    seconds = 1000;
    await feed.append([reported({ expiresAt: 1000 - TOLERANCE_SECONDS })]);
    expect([entries, list.size]).toEqual([[], 0]);
  });
});

it('remembers the SETs that it has stored, and no more of them than revocations', async () => {
  feed = replica(3);
  for (const jti of ['1', '2', '3', '4', '5']) await feed.append([reported({ jti })]);
  expect(['1', '2', '3', '4', '5'].filter((jti) => feed.hasSet(jti))).toHaveLength(3);
});

it('tells the time of the last poll again only while the store has it, because a store that lost it also lost revocations', async () => {
  await feed.recordPoll();
  seconds = 5;
  await feed.publishLastPoll();
  expect(lastPolls).toEqual([0, 5]);
  storedPoll = undefined;
  await feed.publishLastPoll();
  expect(lastPolls).toEqual([0, 5]);
});

it('forgets the SETs that the store has lost when it reads the whole feed again, and keeps their revocations', async () => {
  await feed.append([reported({ jti: 'lost' })]);
  entries = [];
  await feed.append([reported({ jti: 'kept', revocation: { kind: 'token', id: 'other' } })]);
  await feed.reload();
  expect([feed.hasSet('lost'), feed.hasSet('kept'), list.includes(claims)]).toEqual([false, true, true]);
});

describe('an entry that this version cannot read', () => {
  const until = 100_000;
  const unknown = { set: 'new', ending: { kind: 'device', id: 'd' }, occurredAt: 0, until };

  it.each<[string, unknown]>([
    ['a revocation of an unknown kind', unknown],
    ['something else', { any: 'thing' }],
    ['null', null],
  ])('does not keep a replica from starting, nor from reading what follows: %s', async (_, value) => {
    write(value);
    await feed.append([reported()]);
    const late = replica();
    await late.start(() => undefined);
    expect([list.includes(claims), late.hasSet('set'), unreadable]).toEqual([true, true, 2]);
  });

  it('makes the list incomplete for as long as the revocation may matter, so that tokens are introspected', async () => {
    write(unknown);
    await feed.start(() => undefined);
    expect(list.isComplete).toBe(false);
    seconds = until / 1000;
    expect(list.isComplete).toBe(true);
  });
});
