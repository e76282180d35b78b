import type { DataSource } from 'typeorm';

// Any number will do as long as every Trefoil server uses the same one; each has a database of its own.
const MIGRATION_LOCK = 7_336_534;

/** Brings a database to the newest migration; several processes may call it at once, one after the other does the work. */
export async function runMigrations(dataSource: DataSource): Promise<number> {
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
