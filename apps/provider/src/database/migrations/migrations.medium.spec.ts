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

  it('can be taken back and made again, one by one', async () => {
    await withDatabase({}, async (dataSource) => {
      await dataSource.runMigrations();
      const { length } = dataSource.migrations;
      for (let undone = 0; undone < length - 1; undone++) await dataSource.undoLastMigration();
      expect(await dataSource.runMigrations()).toHaveLength(length - 1);
    });
  });
});
