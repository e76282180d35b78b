import { testDatabase } from '@trefoil/testing';
import { Pool } from 'pg';
import { PostgresStateStore } from './postgres-state-store.js';
import { describeStateStore } from '../state-store.contract.js';
import { stateStoreSchema } from './state-store-schema.js';

let pool: Pool;

beforeAll(async () => {
  pool = new Pool({ connectionString: await testDatabase(), max: 10 });
  await pool.query(stateStoreSchema);
});
afterAll(() => pool.end());

describeStateStore('PostgresStateStore', () => Promise.resolve(new PostgresStateStore(pool)));

describe('stateStoreSchema', () => {
  it('can be run again and keeps the data', async () => {
    const store = new PostgresStateStore(pool);
    await store.set('kept', 'value', 60);
    await pool.query(stateStoreSchema);
    expect((await store.get('kept'))?.value).toBe('value');
  });
});

describe('removeExpired', () => {
  it('deletes expired entries in batches of the given size, and other entries stay', async () => {
    const store = new PostgresStateStore(pool);
    await store.removeExpired(1000);
    await store.set('live', 'value', 60);
    await Promise.all(Array.from({ length: 5 }, (_, index) => store.set(`old:${index}`, 'old', 0)));
    expect(await store.removeExpired(3)).toBe(3);
    expect(await store.removeExpired(3)).toBe(2);
    expect(await store.removeExpired(3)).toBe(0);
    expect((await store.get('live'))?.value).toBe('value');
  });

  it('deletes each row once when two replicas run it concurrently', async () => {
    const store = new PostgresStateStore(pool);
    await store.removeExpired(1000);
    await Promise.all(Array.from({ length: 40 }, (_, index) => store.set(`expired:${index}`, 0, 0)));
    const removed = await Promise.all([store.removeExpired(30), store.removeExpired(30)]);
    expect(removed.reduce((sum, each) => sum + each, 0) + (await store.removeExpired(1000))).toBe(40);
  });
});

describe('feeds in PostgreSQL', () => {
  it('skip no value when a transaction that appended commits late', async () => {
    const store = new PostgresStateStore(pool);
    const transaction = await pool.connect();
    await transaction.query('BEGIN');
    await new PostgresStateStore({ query: transaction.query.bind(transaction), options: pool.options }).append(
      'late',
      ['first'],
      60,
    );
    const second = store.append('late', ['second'], 60);
    expect(await store.readAfter('late', 0, 10)).toEqual([]);
    await transaction.query('COMMIT');
    transaction.release();
    await second;
    expect((await store.readAfter('late', 0, 10)).map(({ value }) => value)).toEqual(['first', 'second']);
  });

  it('give positions after those that were read, even if the database has lost its data', async () => {
    const store = new PostgresStateStore(pool);
    await store.append('lost', ['one', 'two', 'three'], 60);
    const read = (await store.readAfter('lost', 0, 10)).at(-1)?.position ?? 0;
    await pool.query(`DELETE FROM state_feed_entries WHERE feed = 'lost'`);
    await pool.query(`DELETE FROM state_feeds WHERE feed = 'lost'`);
    await store.append('lost', ['four'], 60);
    expect(await store.readAfter('lost', read, 10)).toMatchObject([{ value: 'four' }]);
  });

  it('give increasing positions when the clock of the database is set back', async () => {
    const store = new PostgresStateStore(pool);
    const ahead = (Date.now() + 3600_000) * 1000;
    await pool.query(`INSERT INTO state_feeds (feed, last_position) VALUES ('ahead', $1)`, [ahead]);
    await store.append('ahead', ['one', 'two'], 60);
    expect(await store.readAfter('ahead', ahead, 10)).toEqual([
      { position: ahead + 1, value: 'one' },
      { position: ahead + 2, value: 'two' },
    ]);
  });

  it('do not wait for other transactions of the database', async () => {
    const store = new PostgresStateStore(pool);
    const transaction = await pool.connect();
    await transaction.query('BEGIN');
    await transaction.query('SELECT pg_current_xact_id()');
    await store.append('busy', ['value'], 60);
    expect(await store.readAfter('busy', 0, 10)).toHaveLength(1);
    await transaction.query('ROLLBACK');
    transaction.release();
  });

  it('listen at the URL for sessions, because a pooler in transaction mode drops notifications', async () => {
    const sessionUrl = new URL(pool.options.connectionString ?? '');
    sessionUrl.searchParams.set('application_name', 'session');
    const listening = () =>
      pool.query(
        `SELECT application_name AS name FROM pg_stat_activity
         WHERE query = 'LISTEN state_feeds' AND datname = current_database()`,
      );
    const unsubscribe = new PostgresStateStore(pool, sessionUrl.href).onAppended('sessions', () => undefined);
    while ((await listening()).rowCount === 0);
    expect((await listening()).rows).toEqual([{ name: 'session' }]);
    unsubscribe();
    while ((await listening()).rowCount !== 0);
  });

  it('notify a listener after their connection was lost', async () => {
    const store = new PostgresStateStore(pool);
    let calls = 0;
    const unsubscribe = store.onAppended('reconnected', () => void calls++);
    const listening = `SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN state_feeds' AND datname = current_database()`;
    while ((await pool.query(listening)).rowCount === 0);
    await pool.query(`SELECT pg_terminate_backend(pid) FROM (${listening}) AS found`);
    while ((await pool.query(listening)).rowCount !== 0);
    while ((await pool.query(listening)).rowCount === 0);
    const before = calls;
    await store.append('reconnected', ['value'], 60);
    while (calls === before) await store.readAfter('reconnected', 0, 1);
    unsubscribe();
    while ((await pool.query(listening)).rowCount !== 0);
  });
});
