import { testDatabase } from '@trefoil/testing';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';
import { runMigrations } from './run-migrations.js';

class FillSlowly1700000000001 implements MigrationInterface {
  up = async (runner: QueryRunner) => void (await runner.query('SELECT pg_sleep(0.5)'));
  down = () => Promise.resolve();
}

it('runs a migration that takes longer than the statement timeout of the role or the database', async () => {
  const url = await testDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const database = pg.escapeIdentifier(new URL(url).pathname.slice(1));
  await client.query(`ALTER DATABASE ${database} SET statement_timeout = '200ms'`);
  await client.end();
  const options = dataSourceOptions(url, { entities: [], migrations: [FillSlowly1700000000001] });
  expect(await runMigrations(options)).toBe(1);
});
