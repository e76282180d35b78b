import { type EventDatabase, eventDatabase } from '../../../testing/event-database.js';
import { secondNetwork } from './second-network.js';

let database: EventDatabase;

beforeAll(async () => {
  database = await eventDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE grant_networks'));

const find = () => secondNetwork.find(database.dataSource.manager, new Date(Date.now() + 1000));

const used = (grantId: string, network: string, secondsAgo: number) =>
  database.dataSource.query(
    'INSERT INTO grant_networks (grant_id, network, seen_at) VALUES ($1, $2, now() - make_interval(secs => $3))',
    [grantId, network, secondsAgo],
  );

describe('a token that is used from a second network', () => {
  it('is found, with both networks', async () => {
    const clientId = await database.client({ isPublic: true });
    const { grantId, userId } = await database.grant(clientId);
    await used(grantId, '192.0.2.1', 90_000);
    await used(grantId, '198.51.100.7', 10);
    expect(await find()).toEqual([
      {
        subject: `${grantId} 198.51.100.7`,
        about: { userId, clientId, sessionId: expect.any(String) as string, grantId },
        figures: { network: '198.51.100.7', before: '192.0.2.1' },
      },
    ]);
  });

  it('is not found while each grant is used from one network only', async () => {
    const clientId = await database.client({ isPublic: true });
    for (const network of ['192.0.2.1', '192.0.2.2']) await used((await database.grant(clientId)).grantId, network, 5);
    expect(await find()).toEqual([]);
  });

  it('is not found at another server of a confidential client, from which other grants were used before', async () => {
    const clientId = await database.client();
    await used((await database.grant(clientId)).grantId, '198.51.100.7', 500);
    const { grantId } = await database.grant(clientId);
    await used(grantId, '192.0.2.1', 90);
    await used(grantId, '198.51.100.7', 10);
    expect(await find()).toEqual([]);
  });

  it('is found at an address that only another client, and never this confidential client, has used', async () => {
    const [clientId, other] = [await database.client(), await database.client()];
    await used((await database.grant(other)).grantId, '198.51.100.7', 500);
    const { grantId } = await database.grant(clientId);
    await used(grantId, '192.0.2.1', 90);
    await used(grantId, '198.51.100.7', 10);
    expect(await find()).toHaveLength(1);
  });
});
