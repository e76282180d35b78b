import type { DataSourceOptions } from 'typeorm';
import { TimeLimitedClient } from './time-limited-client.js';

/** The options of a TypeORM data source on PostgreSQL. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/**
 * Returns the options of the connection of a server to its database: a pool that gives up on a database that is down or
 * hangs within 2 s, so that the request can be answered with 503.
 */
export function dataSourceOptions(
  url: string,
  parts: Pick<PostgresOptions, 'entities' | 'migrations'>,
): PostgresOptions {
  return {
    type: 'postgres',
    url,
    ...parts,
    synchronize: false,
    migrationsRun: false,
    poolSize: 10,
    connectTimeoutMS: 2000,
    extra: { Client: TimeLimitedClient, statement_timeout: 1800, idle_in_transaction_session_timeout: 10_000 },
    logging: false,
  };
}
