import { runMigrations } from '@trefoil/server-kit';
import { breakingChanges, readSchema, testDatabase } from '@trefoil/testing';
import { webServerDatabase } from '@trefoil/web-server';
import { MIGRATIONS, RELEASED_MIGRATIONS } from '../migrations.js';

it('the migrations since the last release only add to its schema, so that its servers run during an upgrade', async () => {
  const url = await testDatabase();
  const migrate = (migrations: typeof MIGRATIONS) =>
    runMigrations(webServerDatabase({ migrations }, { DATABASE_URL: url }));
  await migrate(RELEASED_MIGRATIONS);
  const released = await readSchema(url);
  await migrate(MIGRATIONS);
  expect(breakingChanges(released, await readSchema(url))).toEqual([]);
});
