import { runMigrations } from '@trefoil/server-kit';
import { breakingChanges, readSchema, testDatabase } from '@trefoil/testing';
import { webServerDatabase } from '@trefoil/web-server';
import { frontend } from '../../web-server.js';
import { RELEASED_MIGRATIONS } from '../migrations.js';

it('the migrations since the last release only add to its schema, so that its servers run during an upgrade', async () => {
  const url = await testDatabase();
  const options = webServerDatabase(frontend, { DATABASE_URL: url });
  await runMigrations({ ...options, migrations: RELEASED_MIGRATIONS });
  const released = await readSchema(url);
  await runMigrations(options);
  expect(breakingChanges(released, await readSchema(url))).toEqual([]);
});
