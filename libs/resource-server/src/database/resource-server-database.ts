import { type DatabaseSettings, dataSourceOptions, type PostgresOptions } from '@trefoil/server-kit';
import type { ResourceServer } from '../resource-server.js';
import type { ResourceServerConfig } from '../resource-server-config.js';

/** Returns the data source options of a resource server with its migrations. Each feature module registers its own entities. */
export const resourceServerDatabase = (
  { migrations }: Pick<ResourceServer, 'migrations'>,
  config: Pick<ResourceServerConfig, 'DATABASE_URL'> & DatabaseSettings,
): PostgresOptions => dataSourceOptions(config.DATABASE_URL, { entities: [], migrations }, config);
