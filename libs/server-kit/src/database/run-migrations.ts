import { DataSource } from 'typeorm';
import type { PostgresOptions } from './data-source-options.js';

// Any number will do as long as every Trefoil server uses the same one; each has a database of its own.
const MIGRATION_LOCK = 7_336_534;

/**
 * Brings a database to the newest migration; several processes may call it at once, one after the other does the work.
 *
 * @returns how many migrations were applied.
 */
export async function runMigrations(options: PostgresOptions): Promise<number> {
  // The time limits of a server do not fit: a migration takes as long as it takes, and so does waiting for another's.
  const dataSource = new DataSource({ ...options, extra: {} });
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
