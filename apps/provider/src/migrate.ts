import { loadConfiguration, runMigrations, runOrExit } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { providerDataSource } from './database/data-source.js';

/** Applies the pending migrations to the database of the provider. */
await runOrExit(async () => {
  const { DATABASE_URL } = loadConfiguration(configSchema.pick({ DATABASE_URL: true }));
  const count = await runMigrations(providerDataSource(DATABASE_URL));
  process.stdout.write(`provider: ${count} migrations run\n`);
});
