import { migrateCommand } from '@trefoil/server-kit';
import type { ResourceServer } from '../resource-server.js';
import { resourceServerDatabase } from './resource-server-database.js';

/** Runs the migrations of a resource server, for the file `migrate.ts` of an app. Needs no variable except `DATABASE_URL`. */
export const migrate = (server: Pick<ResourceServer, 'name' | 'migrations'>): Promise<void> =>
  migrateCommand(server.name, (DATABASE_URL) => resourceServerDatabase(server, { DATABASE_URL }));
