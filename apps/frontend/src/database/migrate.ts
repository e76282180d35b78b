import { stateStoreSchema } from '@trefoil/state-store';
import pg from 'pg';

// The key of an advisory lock. The number is arbitrary, but every replica must use the same one.
const MIGRATION_LOCK = 7_336_534;

/**
 * Creates or updates the tables of the frontend's database.
 *
 * It is safe to call this from several processes at once: an advisory lock makes them run one after the other.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(stateStoreSchema);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
