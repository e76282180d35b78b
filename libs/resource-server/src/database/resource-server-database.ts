import { dataSourceOptions, type PostgresOptions } from '@trefoil/server-kit';
import type { ResourceServer } from '../resource-server.js';
import type { ResourceServerConfig } from '../resource-server-config.js';

/** Returns the data source options of a resource server with its migrations. Each feature module registers its own entities. */
export const resourceServerDatabase = (
  { migrations }: Pick<ResourceServer, 'migrations'>,
  { DATABASE_URL }: Pick<ResourceServerConfig, 'DATABASE_URL'>,
): PostgresOptions => dataSourceOptions(DATABASE_URL, { entities: [], migrations });
