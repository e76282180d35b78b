import type { DataSourceOptions } from 'typeorm';
import { TimeLimitedClient } from './time-limited-client.js';

/** The options of a TypeORM data source on PostgreSQL. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/**
 * Returns the TypeORM options of a server's connection pool. Connecting and each statement fail after 2 seconds, so that the
 * server can answer 503 when the database is down or does not respond.
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
