import { type EventDatabase, eventDatabase } from '../../../testing/event-database.js';
import { failuresFromAddress } from './failures-from-address.js';

const failure = { type: 'sign-in', outcome: 'failure' } as const;

let database: EventDatabase;

beforeAll(async () => {
  database = await eventDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE security_events'));

const find = () => failuresFromAddress.find(database.dataSource.manager, new Date(Date.now() + 1000));

describe('a series of refused attempts from one address', () => {
  it('is found, also when the attempts are of different types', async () => {
    await database.record({ ...failure, address: '192.0.2.1' }, 20);
    await database.record({ ...failure, type: 'client-authentication', address: '192.0.2.1' }, 10);
    const [finding, ...more] = await find();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ subject: '192.0.2.1', figures: { failures: '30' } });
  });

  it('is found when the attempts come from different addresses of one IPv6 network', async () => {
    for (let host = 0; host < 30; host++) await database.record({ ...failure, address: `2001:db8::${host + 1}` });
    expect(await find()).toMatchObject([{ subject: '2001:db8:0:0::/64', figures: { failures: '30' } }]);
  });

  it('is not found when the attempts come from many networks, are too few, or are too old', async () => {
    for (let host = 0; host < 30; host++) await database.record({ ...failure, address: `192.0.2.${host + 1}` });
    await database.record({ ...failure, address: '198.51.100.1' }, 29);
    await database.record({ ...failure, address: '198.51.100.2' }, 30, 16 * 60);
    expect(await find()).toEqual([]);
  });

  it('is not found when a server sends the refused tokens of many users', async () => {
    await database.record({ ...failure, type: 'token-refused', address: '192.0.2.1' }, 60);
    expect(await find()).toEqual([]);
  });

  it('is found when repeated failures are one event with a count', async () => {
    await database.record({ ...failure, address: '192.0.2.1' });
    expect(await find()).toEqual([]);
    await database.record({ ...failure, address: '192.0.2.1', details: { count: '29' } });
    expect(await find()).toMatchObject([{ figures: { failures: '30' } }]);
  });
});
