import { loadConfiguration, runMigrations, runOrExit, variables } from '@trefoil/server-kit';
import { z } from 'zod';
import type { ResourceServer } from '../resource-server.js';
import { resourceServerDatabase } from './resource-server-database.js';

/** Runs the migrations of a resource server as a command. It needs `DATABASE_URL`, and no other variable of the server. */
export const migrate = (server: Pick<ResourceServer, 'name' | 'migrations'>): Promise<void> =>
  runOrExit(async () => {
    const schema = z.object({
      DATABASE_URL: variables.databaseUrl().describe(`URL of the PostgreSQL database of the ${server.name}`),
    });
    const count = await runMigrations(resourceServerDatabase(server, loadConfiguration(schema)));
    process.stdout.write(`${server.name}: ${count} migrations run\n`);
  });
