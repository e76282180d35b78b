import { type EventDatabase, eventDatabase } from '../../../testing/event-database.js';
import { failuresOfClient } from './failures-of-client.js';

const failure = { type: 'client-authentication', outcome: 'failure', address: '192.0.2.1' } as const;

let database: EventDatabase;
let clientId: string;

beforeAll(async () => {
  database = await eventDatabase();
  clientId = await database.client();
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE security_events'));

const find = () => failuresOfClient.find(database.dataSource.manager, new Date(Date.now() + 1000));

describe('a series of refused requests of one client', () => {
  it('is found, also when the requests are of different types', async () => {
    await database.record({ ...failure, clientId }, 30);
    await database.record({ ...failure, type: 'token-refused', clientId }, 20);
    expect(await find()).toEqual([
      { subject: clientId, about: { clientId }, figures: { failures: '50', addresses: '1', minutes: '15' } },
    ]);
  });

  it('is not found when the requests are too few or too old', async () => {
    await database.record({ ...failure, clientId }, 49);
    await database.record({ ...failure, clientId }, 50, 16 * 60);
    expect(await find()).toEqual([]);
  });

  it('is not found for client ids that do not exist', async () => {
    await database.record({ ...failure, clientId: 'nobody' }, 60);
    expect(await find()).toEqual([]);
  });

  it('is found when repeated failures are one event with a count', async () => {
    await database.record({ ...failure, clientId });
    expect(await find()).toEqual([]);
    await database.record({ ...failure, clientId, details: { count: '49' } });
    expect(await find()).toMatchObject([{ figures: { failures: '50' } }]);
  });
});
