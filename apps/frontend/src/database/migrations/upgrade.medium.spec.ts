import { runMigrations } from '@trefoil/server-kit';
import { breakingChanges, readSchema, testDatabase } from '@trefoil/testing';
import { frontendDatabase, RELEASED_MIGRATIONS } from '../data-source.js';

it('the migrations since the last release only add to its schema, so that its servers run during an upgrade', async () => {
  const url = await testDatabase();
  const options = frontendDatabase({ DATABASE_URL: url });
  await runMigrations({ ...options, migrations: RELEASED_MIGRATIONS });
  const released = await readSchema(url);
  await runMigrations(options);
  expect(breakingChanges(released, await readSchema(url))).toEqual([]);
});
