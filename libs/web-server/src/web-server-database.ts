import { dataSourceOptions } from '@trefoil/server-kit';
import type { WebServerConfig } from './config.js';
import type { WebServer } from './description.js';

/** Returns the options with which the migrations of a web server are run and checked. The server itself uses no TypeORM. */
export const webServerDatabase = (
  { migrations }: Pick<WebServer, 'migrations'>,
  { DATABASE_URL }: Pick<WebServerConfig, 'DATABASE_URL'>,
) => dataSourceOptions(DATABASE_URL, { entities: [], migrations });
