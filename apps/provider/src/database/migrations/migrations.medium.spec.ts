import { testDatabase } from '@trefoil/testing';
import { DataSource } from 'typeorm';
import { providerDataSource } from '../data-source.js';
import { First1700000000001 } from './1-first.js';
import { ClientMetadata1700000000002 } from './2-client-metadata.js';

const MONTHS_AGO = [14, 3, 0];

let url: string;

beforeAll(async () => {
  url = await testDatabase();
});

async function withDatabase<T>(overrides: object, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await new DataSource({ ...providerDataSource(url), ...overrides }).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

describe('migrations', () => {
  it('keep the events that were recorded before there were partitions, each in that of its month', async () => {
    await withDatabase({ migrations: [First1700000000001, ClientMetadata1700000000002] }, async (dataSource) => {
      await dataSource.runMigrations();
      await dataSource.query(
        `INSERT INTO security_events (occurred_at, type, outcome, details)
         SELECT now() - make_interval(months => ago), 'sign-in', 'success', jsonb_build_object('ago', ago::text)
         FROM unnest($1::int[]) AS ago`,
        [MONTHS_AGO],
      );
    });
    await withDatabase({}, async (dataSource) => {
      await dataSource.runMigrations();
      await dataSource.query(`INSERT INTO security_events (type, outcome) VALUES ('sign-out', 'success')`);
      const rows = await dataSource.query<{ id: string; type: string; partition: string; ago: string | null }[]>(
        `SELECT id, type, tableoid::regclass::text AS partition, details ->> 'ago' AS ago FROM security_events ORDER BY id`,
      );
      expect(rows.map(({ ago }) => ago)).toEqual(['14', '3', '0', null]);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(4);
      expect(rows.map(({ partition }) => partition)).not.toContain('security_events_default');
      expect(new Set(rows.map(({ partition }) => partition)).size).toBe(3);
    });
  });

  it.each(['America/New_York', 'Pacific/Auckland'])(
    'make the months of UTC, whatever the time zone of the database is: %s',
    async (zone) => {
      const elsewhere = await testDatabase();
      const setUp = await new DataSource(providerDataSource(elsewhere)).initialize();
      await setUp.query(`ALTER DATABASE "${new URL(elsewhere).pathname.slice(1)}" SET timezone TO '${zone}'`);
      await setUp.destroy();
      const older = { migrations: [First1700000000001, ClientMetadata1700000000002] };
      const before = await new DataSource({ ...providerDataSource(elsewhere), ...older }).initialize();
      await before.runMigrations();
      await before.query(
        `INSERT INTO security_events (occurred_at, type, outcome) VALUES ('2026-01-15T12:00Z', 'sign-in', 'success')`,
      );
      await before.destroy();
      const dataSource = await new DataSource(providerDataSource(elsewhere)).initialize();
      await dataSource.runMigrations();
      const bounds = await dataSource.query<{ bound: string }[]>(
        `SELECT pg_get_expr(relpartbound, pg_class.oid) AS bound FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = 'security_events'::regclass`,
      );
      const starts = bounds.flatMap(({ bound }) => /FROM \('(.+?)'\)/.exec(bound)?.[1] ?? []);
      expect(starts.length).toBeGreaterThan(2);
      for (const start of starts) expect(new Date(start).toISOString()).toMatch(/-01T00:00:00.000Z$/);
      await dataSource.destroy();
    },
  );

  it('can be taken back and made again, one by one, and events go on being recorded', async () => {
    await withDatabase({}, async (dataSource) => {
      await dataSource.runMigrations();
      const { length } = dataSource.migrations;
      for (let undone = 0; undone < length - 1; undone++) await dataSource.undoLastMigration();
      const counted = 'SELECT count(*)::int AS count FROM security_events';
      const [{ count }] = await dataSource.query<[{ count: number }]>(counted);
      expect(count).toBeGreaterThan(0);
      await dataSource.query(`INSERT INTO security_events (type, outcome) VALUES ('sign-in', 'success')`);
      expect(await dataSource.runMigrations()).toHaveLength(length - 1);
      await dataSource.query(`INSERT INTO security_events (type, outcome) VALUES ('sign-in', 'success')`);
      expect(await dataSource.query<unknown>(counted)).toEqual([{ count: count + 2 }]);
    });
  });
});
