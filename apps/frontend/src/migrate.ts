import { loadConfiguration, runOrExit } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { migrate } from './database/migrate.js';

await runOrExit(async () => {
  const { DATABASE_URL } = loadConfiguration(configSchema.pick({ DATABASE_URL: true }));
  await migrate(DATABASE_URL);
  process.stdout.write('frontend: the database is ready\n');
});
