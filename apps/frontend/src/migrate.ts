import { loadConfiguration, runMigrations, runOrExit } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { frontendDatabase } from './database/data-source.js';

await runOrExit(async () => {
  const configuration = loadConfiguration(configSchema.pick({ DATABASE_URL: true }));
  const count = await runMigrations(frontendDatabase(configuration));
  process.stdout.write(`frontend: ${count} migrations run\n`);
});
