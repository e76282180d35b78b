import { DataSource } from 'typeorm';
import type { PostgresOptions } from './data-source-options.js';

// Advisory locks are counted per database, so that all servers may use the same number.
const MIGRATION_LOCK = 7_336_534;

/**
 * Runs the migrations that a database has not run yet. Several processes may call it at the same time: a lock makes each wait
 * for the one before it.
 *
 * @returns the number of migrations that were run.
 */
export async function runMigrations(options: PostgresOptions): Promise<number> {
  // Without the time limits of a server or of its role: a migration, and waiting for another process's, may take longer.
  const dataSource = new DataSource({ ...options, extra: { options: '-c statement_timeout=0' } });
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await dataSource.runMigrations({ transaction: 'each' });
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    return done.length;
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}
