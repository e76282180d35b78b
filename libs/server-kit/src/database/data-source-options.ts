import type { DataSourceOptions } from 'typeorm';

/** The options of a TypeORM data source on PostgreSQL. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/**
 * The connection of a server to its database: a pool that gives up on a database that is down, or hangs, within 2 s, so
 * that the answer can be 503.
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
    extra: { statement_timeout: 1800, query_timeout: 2000, idle_in_transaction_session_timeout: 10_000 },
    logging: false,
  };
}
