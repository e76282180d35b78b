import { loadConfiguration, runMigrations, runOrExit, variables } from '@trefoil/server-kit';
import { z } from 'zod';
import type { WebServer } from './description.js';
import { webServerDatabase } from './web-server-database.js';

/** Runs the migrations of a web server, for the file `migrate.ts` of an app. Needs only `DATABASE_URL`. */
export const migrate = (server: Pick<WebServer, 'name' | 'migrations'>): Promise<void> =>
  runOrExit(async () => {
    const configuration = loadConfiguration(z.object({ DATABASE_URL: variables.databaseUrl() }));
    const count = await runMigrations(webServerDatabase(server, configuration));
    process.stdout.write(`${server.name}: ${count} migrations run\n`);
  });
