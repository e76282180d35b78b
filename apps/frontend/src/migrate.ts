import { loadConfiguration, runMigrations, runOrExit } from '@trefoil/server-kit';
import { z } from 'zod';
import { configSchema } from './config.js';
import { frontendDatabase } from './database/data-source.js';

await runOrExit(async () => {
  const configuration = loadConfiguration(z.object({ DATABASE_URL: configSchema.shape.DATABASE_URL }));
  const count = await runMigrations(frontendDatabase(configuration));
  process.stdout.write(`frontend: ${count} migrations run\n`);
});
