import { type EventDatabase, eventDatabase } from '../../../testing/event-database.js';
import { failuresOfAccount } from './failures-of-account.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const BOB = 'b0b00000-0000-4000-8000-000000000002';
const failure = { type: 'sign-in', outcome: 'failure', userId: ALICE } as const;

let database: EventDatabase;

beforeAll(async () => {
  database = await eventDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE security_events'));

const find = () => failuresOfAccount.find(database.dataSource.manager, new Date(Date.now() + 1000));

describe('a series of failed sign-ins to one account', () => {
  it('is found, with the number of failures and of addresses', async () => {
    await database.record({ ...failure, address: '192.0.2.1' }, 5);
    await database.record({ ...failure, address: '192.0.2.2' }, 3);
    expect(await find()).toEqual([
      { subject: ALICE, about: { userId: ALICE }, figures: { failures: '8', addresses: '2', minutes: '15' } },
    ]);
  });

  it('is not found when the failures are too few, too old, or of different accounts', async () => {
    await database.record(failure, 7);
    await database.record(failure, 8, 16 * 60);
    await database.record({ ...failure, userId: BOB }, 7);
    expect(await find()).toEqual([]);
  });

  it('is not found for other types of events, successes, or events without a user', async () => {
    await database.record({ ...failure, type: 'consent' }, 10);
    await database.record({ ...failure, outcome: 'success' }, 10);
    await database.record({ ...failure, userId: null }, 10);
    expect(await find()).toEqual([]);
  });

  it('is found when repeated failures are one event with a count', async () => {
    await database.record({ ...failure });
    expect(await find()).toEqual([]);
    await database.record({ ...failure, details: { count: '7' } });
    expect(await find()).toMatchObject([{ figures: { failures: '8' } }]);
  });
});
