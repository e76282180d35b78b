import { testDatabase } from '@trefoil/testing';
import { Pool } from 'pg';
import { PostgresStateStore } from './postgres-state-store.js';
import { describeStateStore } from './state-store.contract.js';
import { stateStoreSchema } from './state-store-schema.js';

let pool: Pool;

beforeAll(async () => {
  pool = new Pool({ connectionString: await testDatabase(), max: 10 });
  await pool.query(stateStoreSchema);
});
afterAll(() => pool.end());

describeStateStore('PostgresStateStore', () => Promise.resolve(new PostgresStateStore(pool)));

describe('stateStoreSchema', () => {
  it('can be run again and leaves what is there', async () => {
    const store = new PostgresStateStore(pool);
    await store.set('kept', 'value', 60);
    await pool.query(stateStoreSchema);
    expect((await store.get('kept'))?.value).toBe('value');
  });
});

describe('removeExpired', () => {
  it('shares the work when two replicas remove at once', async () => {
    const store = new PostgresStateStore(pool);
    await store.removeExpired(1000);
    await Promise.all(Array.from({ length: 40 }, (_, index) => store.set(`ended:${index}`, 0, 0)));
    const removed = await Promise.all([store.removeExpired(30), store.removeExpired(30)]);
    expect(removed.reduce((sum, each) => sum + each, 0) + (await store.removeExpired(1000))).toBe(40);
  });
});
