import { type EventDatabase, eventDatabase } from '../../testing/event-database.js';
import { UsageCounter } from './usage-counter.js';
import { hourOf, Usage, type UsageCount } from './usage.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const HOUR = Date.parse('2026-05-14T10:00:00Z');
const ALL = { from: new Date(0), to: new Date(8e15), limit: 100 };

let database: EventDatabase;
let usage: Usage;

beforeAll(async () => {
  database = await eventDatabase();
  usage = new Usage(database.dataSource, { USAGE_RETENTION: 90 });
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE usage_buckets'));

const count = (changes: Partial<UsageCount> = {}): UsageCount => ({
  ...{ hour: new Date(HOUR), kind: 'client', subject: 'client', measure: 'client_credentials', count: 1 },
  ...changes,
});

describe('the busiest subjects', () => {
  it('may have counts above 32 bits', async () => {
    await usage.add([
      count({ count: 2 ** 31 }),
      count({ hour: new Date(HOUR + 3600_000), count: 2 ** 31 }),
      count({ subject: 'another', count: 1 }),
    ]);
    expect(await usage.busiest('client', new Date(HOUR), 10)).toEqual([
      { subject: 'client', counts: { client_credentials: 2 ** 32 } },
      { subject: 'another', counts: { client_credentials: 1 } },
    ]);
  });
});

describe('UsageCounter', () => {
  it('touches no table until it stores all counts at once, by the hour', async () => {
    const counter = new UsageCounter(usage);
    for (let n = 0; n < 3; n++) counter.count('client_credentials', 'client', undefined, HOUR + n);
    counter.count('refresh_token', 'client', ALICE, HOUR + 3600_000);
    expect((await usage.page(ALL)).buckets).toEqual([]);
    await counter.flush();
    expect((await usage.page(ALL)).buckets).toEqual([
      { hour: new Date(HOUR + 3600_000), kind: 'client', subject: 'client', counts: { refresh_token: 1 } },
      { hour: new Date(HOUR + 3600_000), kind: 'user', subject: ALICE, counts: { refresh_token: 1 } },
      { hour: new Date(HOUR), kind: 'client', subject: 'client', counts: { client_credentials: 3 } },
    ]);
  });

  it('adds to the counts of other replicas, even when all store at the same time', async () => {
    const counters = Array.from({ length: 8 }, () => new UsageCounter(usage));
    for (const [n, counter] of counters.entries()) {
      for (let client = 0; client < 50; client++) counter.count('introspection', `client-${(client + n * 7) % 50}`);
    }
    await Promise.all(counters.map((counter) => counter.flush()));
    const { buckets } = await usage.page(ALL);
    expect(buckets).toHaveLength(50);
    expect(buckets.every(({ counts }) => counts.introspection === 8)).toBe(true);
  });

  it('keeps counts that it cannot store, and loses no counts that are added meanwhile', async () => {
    const counter = new UsageCounter(usage);
    counter.count('refused', 'client', undefined, HOUR);
    await database.dataSource.query('ALTER TABLE usage_buckets RENAME TO gone');
    try {
      const failing = counter.flush();
      counter.count('refused', 'client', undefined, HOUR);
      await expect(failing).rejects.toThrow('usage_buckets');
    } finally {
      await database.dataSource.query('ALTER TABLE gone RENAME TO usage_buckets');
    }
    await counter.flush();
    expect((await usage.page(ALL)).buckets).toMatchObject([{ counts: { refused: 2 } }]);
  });

  it('stores the remaining counts when the server stops', async () => {
    const counter = new UsageCounter(usage);
    counter.count('refused', 'client');
    await counter.beforeApplicationShutdown();
    expect((await usage.page(ALL)).buckets).toMatchObject([{ counts: { refused: 1 } }]);
  });
});

describe('Usage', () => {
  it('returns page after page', async () => {
    const subjects = ['a', 'b', 'c', 'd', 'e'];
    await usage.add(subjects.map((subject) => count({ subject })));
    const first = await usage.page({ ...ALL, limit: 3 });
    const rest = await usage.page({ ...ALL, limit: 3, after: first.buckets.at(-1) });
    expect([first.more, rest.more]).toEqual([true, false]);
    expect([...first.buckets, ...rest.buckets].map(({ subject }) => subject)).toEqual(subjects);
  });

  it('returns the busiest subjects', async () => {
    await usage.add([count({ count: 5 }), count({ subject: 'busy', count: 4 })]);
    await usage.add([count({ subject: 'busy', hour: new Date(HOUR + 3600_000), measure: 'refresh_token', count: 3 })]);
    expect(await usage.busiest('client', new Date(HOUR), 1)).toEqual([
      { subject: 'busy', counts: { client_credentials: 4, refresh_token: 3 } },
    ]);
  });

  it('deletes expired buckets only', async () => {
    const now = new Date(HOUR + 90 * 24 * 3600_000);
    await usage.add([count(), count({ hour: hourOf(HOUR - 1) })]);
    expect(await usage.removeExpired(now)).toBe(1);
    expect((await usage.page(ALL)).buckets).toMatchObject([{ hour: new Date(HOUR) }]);
  });

  it('deletes all expired buckets in batches', async () => {
    await usage.add(Array.from({ length: 2500 }, (_, n) => count({ subject: `client-${n}` })));
    expect(await usage.removeExpired(new Date(HOUR + 91 * 24 * 3600_000))).toBe(2500);
  });
});
