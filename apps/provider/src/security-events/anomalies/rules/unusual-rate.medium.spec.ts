import { hourOf, Usage } from '../../usage/usage.js';
import { type EventDatabase, eventDatabase } from '../../../testing/event-database.js';
import { unusualRate } from './unusual-rate.js';

const HOUR = 3600_000;
const NOW = new Date('2026-05-14T10:59:00Z');

let database: EventDatabase;
let usage: Usage;

beforeAll(async () => {
  database = await eventDatabase();
  usage = new Usage(database.dataSource, { USAGE_RETENTION: 90 });
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE usage_buckets'));

const find = () => unusualRate.find(database.dataSource.manager, NOW);

const used = (count: number, hoursAgo: number, subject = 'client', kind: 'client' | 'user' = 'client') =>
  usage.add([{ hour: hourOf(NOW.getTime() - hoursAgo * HOUR), kind, subject, measure: 'refresh_token', count }]);

describe('an unusual rate', () => {
  it('is found for a client that does much more than in its busiest hour of the week', async () => {
    await used(40, 30);
    await used(100, 50);
    await used(501, 0);
    expect(await find()).toEqual([
      {
        subject: 'client client',
        about: { clientId: 'client' },
        figures: { count: '501', busiest: '100', days: '7' },
      },
    ]);
  });

  it('is found for a user', async () => {
    await used(10, 30, 'a11ce000-0000-4000-8000-000000000001', 'user');
    await used(200, 0, 'a11ce000-0000-4000-8000-000000000001', 'user');
    expect(await find()).toMatchObject([{ about: { userId: 'a11ce000-0000-4000-8000-000000000001' } }]);
  });

  it.each([
    [
      'the subject was similarly busy before',
      [
        [101, 50],
        [500, 0],
      ],
    ],
    [
      'the count is too small',
      [
        [1, 50],
        [199, 0],
      ],
    ],
    [
      'the subject is new',
      [
        [10, 5],
        [500, 0],
      ],
    ],
    ['the subject has no earlier usage at all', [[500, 0]]],
    [
      'the busy hour is over',
      [
        [10, 50],
        [501, 1],
      ],
    ],
    [
      'the earlier usage is older than a week',
      [
        [10, 8 * 24],
        [500, 0],
      ],
    ],
  ])('is not found when %s', async (_, buckets) => {
    for (const [count = 0, hoursAgo = 0] of buckets) await used(count, hoursAgo);
    expect(await find()).toEqual([]);
  });
});
