import { migrateCommand } from '@trefoil/server-kit';
import type { WebServer } from './description.js';
import { webServerDatabase } from './web-server-database.js';

/** Runs the migrations of a web server, for the file `migrate.ts` of an app. Needs no variable except `DATABASE_URL`. */
export const migrate = (server: Pick<WebServer, 'name' | 'migrations'>): Promise<void> =>
  migrateCommand(server.name, (DATABASE_URL) => webServerDatabase(server, { DATABASE_URL }));
