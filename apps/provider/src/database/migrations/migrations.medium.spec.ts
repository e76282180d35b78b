import { testDatabase } from '@trefoil/testing';
import { DataSource } from 'typeorm';
import { providerDataSource } from '../data-source.js';
import { CreateUsersClientsAndGrants1795336359000 } from './1795336359000-create-users-clients-and-grants.js';
import { AddClientMetadataAndDeviceAuthorizations1795338880000 } from './1795338880000-add-client-metadata-and-device-authorizations.js';

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

/** The names under which version 0.1 recorded its migrations; databases of that version hold exactly these. */
const RECORDED_BY_0_1 = [
  'First1700000000001',
  'ClientMetadata1700000000002',
  'SecurityEvents1700000000003',
  'RequestPolicies1700000000004',
  'RefreshRetry1700000000005',
  'KeyRotation1700000000006',
  'EventStreams1700000000007',
  'Usage1700000000008',
  'Housekeeping1700000000009',
  'StateStoreFeed1700000000010',
  'AnomalyIndex1700000000011',
];

describe('migrations', () => {
  it('keep the names that existing databases have recorded, so that none is applied twice', async () => {
    const dataSource = await new DataSource(providerDataSource(await testDatabase())).initialize();
    const applied = await dataSource.runMigrations();
    expect(applied.map(({ name }) => name).slice(0, RECORDED_BY_0_1.length)).toEqual(RECORDED_BY_0_1);
    expect(await dataSource.showMigrations()).toBe(false);
    await dataSource.destroy();
  });

  it('move events that were recorded before the table was partitioned into the partition of their month', async () => {
    await withDatabase(
      { migrations: [CreateUsersClientsAndGrants1795336359000, AddClientMetadataAndDeviceAuthorizations1795338880000] },
      async (dataSource) => {
        await dataSource.runMigrations();
        await dataSource.query(
          `INSERT INTO security_events (occurred_at, type, outcome, details)
         SELECT now() - make_interval(months => ago), 'sign-in', 'success', jsonb_build_object('ago', ago::text)
         FROM unnest($1::int[]) AS ago`,
          [MONTHS_AGO],
        );
      },
    );
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
    'create partitions for months in UTC when the time zone of the database is %s',
    async (zone) => {
      const elsewhere = await testDatabase();
      const setUp = await new DataSource(providerDataSource(elsewhere)).initialize();
      await setUp.query(`ALTER DATABASE "${new URL(elsewhere).pathname.slice(1)}" SET timezone TO '${zone}'`);
      await setUp.destroy();
      const older = {
        migrations: [CreateUsersClientsAndGrants1795336359000, AddClientMetadataAndDeviceAuthorizations1795338880000],
      };
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

  it('can be reverted one by one and applied again, and events can be recorded in both states', async () => {
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
