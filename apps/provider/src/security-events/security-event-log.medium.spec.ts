import type { DataSource } from 'typeorm';
import { type EventDatabase, eventDatabase } from '../testing/event-database.js';
import { SecurityEventLog } from './security-event-log.js';

let database: EventDatabase;

beforeAll(async () => {
  database = await eventDatabase();
});
afterAll(() => database.close());

/** Returns the plans of PostgreSQL for the queries that a call makes. */
async function planOf(call: (log: SecurityEventLog) => Promise<unknown>): Promise<string> {
  const { dataSource } = database;
  const queries: [string, unknown[]][] = [];
  const recorder = { query: (sql: string, parameters: unknown[]) => (queries.push([sql, parameters]), []) };
  await call(new SecurityEventLog(recorder as unknown as DataSource));
  const plans = await Promise.all(
    queries.map(([sql, parameters]) => dataSource.query<unknown>(`EXPLAIN ${sql}`, parameters)),
  );
  return JSON.stringify(plans);
}

describe('the newest anomalies', () => {
  it('are found by an index, without reading all events since', async () => {
    await database.dataSource.query(
      `INSERT INTO security_events (type, outcome)
       SELECT CASE WHEN n % 2000 = 1 THEN 'anomaly' ELSE 'sign-in' END, 'failure' FROM generate_series(1, 6000) AS n`,
    );
    await database.dataSource.query('ANALYZE security_events');
    const plan = await planOf((log) => log.page({ type: 'anomaly' }, { limit: 10 }));
    // Each partition has its own index; this is the one of the current month.
    const [{ index } = { index: '' }] = await database.dataSource.query<{ index: string }[]>(
      `SELECT inhrelid::regclass::text AS index FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid
       JOIN security_events AS event ON event.tableoid = indrelid
       WHERE inhparent = 'security_events_anomalies'::regclass LIMIT 1`,
    );
    expect(plan).toContain(`using ${index} on`);
  });
});
