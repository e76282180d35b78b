import { resourceServerDatabase } from '@trefoil/resource-server';
import { loadConfiguration, runMigrations, runOrExit } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { backend } from './resource-server.js';

await runOrExit(async () => {
  const configuration = loadConfiguration(configSchema.pick({ DATABASE_URL: true }));
  const count = await runMigrations(resourceServerDatabase(backend, configuration));
  process.stdout.write(`backend: ${count} migrations run\n`);
});
