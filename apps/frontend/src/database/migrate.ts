import { stateStoreSchema } from '@trefoil/state-store';
import pg from 'pg';

// Any number will do as long as every replica uses the same one.
const MIGRATION_LOCK = 7_336_534;

/** Brings the database of the sessions to its newest form; several processes may call it at once, one after the other does. */
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
