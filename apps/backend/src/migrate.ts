import { loadConfiguration, runMigrations, runOrExit } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { backendDatabase } from './database/data-source.js';

await runOrExit(async () => {
  const configuration = loadConfiguration(configSchema.pick({ DATABASE_URL: true }));
  const count = await runMigrations(backendDatabase(configuration));
  process.stdout.write(`backend: ${count} migrations run\n`);
});
