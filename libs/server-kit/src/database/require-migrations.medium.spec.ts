import { testDatabase } from '@trefoil/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseNotReadyError, requireMigrations } from './require-migrations.js';
import { runMigrations } from './run-migrations.js';

class CreateThings1700000000001 implements MigrationInterface {
  readonly name = 'First1700000000001';
  up = async (runner: QueryRunner) => void (await runner.query('CREATE TABLE things (id integer)'));
  down = async (runner: QueryRunner) => void (await runner.query('DROP TABLE things'));
}

class AddColour1700000000002 implements MigrationInterface {
  up = async (runner: QueryRunner) => void (await runner.query('ALTER TABLE things ADD colour text'));
  down = async (runner: QueryRunner) => void (await runner.query('ALTER TABLE things DROP colour'));
}

class CreatePlaces1700000000001 implements MigrationInterface {
  up = async (runner: QueryRunner) => void (await runner.query('CREATE TABLE places (id integer)'));
  down = async (runner: QueryRunner) => void (await runner.query('DROP TABLE places'));
}

const optionsOf = (url: string, ...migrations: (new () => MigrationInterface)[]) =>
  dataSourceOptions(url, { entities: [], migrations });

it('requires the migrations of this version, names what to do, and accepts those of a newer version', async () => {
  const url = await testDatabase();
  const version1 = optionsOf(url, CreateThings1700000000001);
  const version2 = optionsOf(url, CreateThings1700000000001, AddColour1700000000002);
  await expect(requireMigrations(version1, 'backend')).rejects.toThrow(
    'The database of the backend lacks 1 of 1 migrations. Apply them: node apps/backend/dist/migrate.js',
  );
  await runMigrations(version1);
  await expect(requireMigrations(version1, 'backend')).resolves.toEqual([]);
  await expect(requireMigrations(version2, 'backend')).rejects.toThrow('lacks 1 of 2 migrations');
  await runMigrations(version2);
  await expect(requireMigrations(version2, 'backend')).resolves.toEqual([]);
  await expect(requireMigrations(version1, 'backend')).resolves.toEqual(['AddColour1700000000002']);
});

it('refuses the database of another server', async () => {
  const url = await testDatabase();
  await runMigrations(optionsOf(url, CreatePlaces1700000000001));
  const refused = expect(requireMigrations(optionsOf(url, CreateThings1700000000001), 'backend')).rejects;
  await refused.toThrow(DatabaseNotReadyError);
  await refused.toThrow(
    'has migrations that this version does not know: CreatePlaces1700000000001. It also lacks 1 of 1 migrations',
  );
});
