import type { Pool } from 'pg';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { ServerConfiguration } from '../configuration/server-variables.js';
import { TimeLimitedClient } from './time-limited-client.js';

/** The options of a TypeORM data source on PostgreSQL. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** The settings of a connection pool. Commands have none and use the defaults. */
export type DatabaseSettings = Partial<Pick<ServerConfiguration, 'DATABASE_POOL_SIZE' | 'DATABASE_STATEMENT_TIMEOUT'>>;

/**
 * Returns the TypeORM options of a server's connection pool. Connecting and each statement fail after 2 seconds, so that the
 * server can answer 503 when the database is down or does not respond.
 */
export function dataSourceOptions(
  url: string,
  parts: Pick<PostgresOptions, 'entities' | 'migrations'>,
  { DATABASE_POOL_SIZE = 10, DATABASE_STATEMENT_TIMEOUT = 1.8 }: DatabaseSettings = {},
): PostgresOptions {
  return {
    type: 'postgres',
    url,
    ...parts,
    synchronize: false,
    migrationsRun: false,
    poolSize: DATABASE_POOL_SIZE,
    connectTimeoutMS: 2000,
    extra: {
      Client: TimeLimitedClient,
      statement_timeout: DATABASE_STATEMENT_TIMEOUT * 1000,
      idle_in_transaction_session_timeout: 10_000,
    },
    logging: false,
  };
}

/**
 * Returns the connection pool of a data source, for code that uses `pg` directly. TypeORM's PostgreSQL driver keeps it as
 * `master`.
 */
export const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;
