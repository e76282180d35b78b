import { randomUUID } from 'node:crypto';
import { type EventDatabase, eventDatabase } from '../../../testing/event-database.js';
import { MAX_FINDINGS } from '../anomaly-rule.js';
import { reuse } from './reuse.js';

let database: EventDatabase;

beforeAll(async () => {
  database = await eventDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE security_events'));

const find = () => reuse.find(database.dataSource.manager, new Date(Date.now() + 1000));

describe('the reuse of a code or a refresh token', () => {
  it.each(['refresh-token-reuse', 'code-reuse'] as const)('is found: %s (RFC 9700 §4.14.2)', async (type) => {
    const about = { userId: randomUUID(), clientId: 'client', sessionId: randomUUID(), address: '192.0.2.1' };
    const grantId = randomUUID();
    await database.record({ type, outcome: 'failure', grantId, ...about }, 2);
    expect(await find()).toEqual([{ subject: grantId, about: { grantId, ...about }, figures: { reused: type } }]);
  });

  it('is found even after many others, because the newest come first', async () => {
    for (let n = 0; n < MAX_FINDINGS; n++) {
      await database.record({
        type: 'code-reuse',
        outcome: 'failure',
        grantId: `00000000-0000-4000-8000-${`${n}`.padStart(12, '0')}`,
      });
    }
    const grantId = 'ffffffff-0000-4000-8000-000000000000';
    await database.record({ type: 'code-reuse', outcome: 'failure', grantId });
    const found = await find();
    expect(found).toHaveLength(MAX_FINDINGS);
    expect(found[0]?.subject).toBe(grantId);
  });

  it('is not found when it is too old', async () => {
    await database.record({ type: 'code-reuse', outcome: 'failure', grantId: randomUUID() }, 1, 3601);
    expect(await find()).toEqual([]);
  });
});
