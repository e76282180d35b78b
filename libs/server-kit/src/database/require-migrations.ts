import pg from 'pg';
import type { PostgresOptions } from './data-source-options.js';

/** Thrown when a database does not fit the server that would use it. The message names the command that helps. */
export class DatabaseNotReadyError extends Error {
  override readonly name = 'DatabaseNotReadyError';
}

/**
 * Checks that exactly the migrations of this version of a server have been applied to its database.
 *
 * @param server the name of the server, which is also the folder of its `migrate.js`.
 * @throws DatabaseNotReadyError when migrations are pending, or when a newer version has migrated the database.
 */
export async function requireMigrations(options: PostgresOptions, server: string): Promise<void> {
  const known = migrationNames(options);
  const applied = await readApplied(options.url ?? '');
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new DatabaseNotReadyError(
      `The database of the ${server} has migrations that this version does not know: ${unknown.join(', ')}. A newer ` +
        `version or another server has migrated it. Start that version, or set DATABASE_URL to the database of the ${server}.`,
    );
  }
  const pending = known.filter((name) => !applied.includes(name)).length;
  if (pending > 0) {
    throw new DatabaseNotReadyError(
      `The database of the ${server} lacks ${pending} of ${known.length} migrations. Apply them: ` +
        `node apps/${server}/dist/migrate.js`,
    );
  }
}

/** Returns the names under which TypeORM records the migrations. */
function migrationNames({ migrations = [] }: PostgresOptions): string[] {
  const classes: unknown[] = Array.isArray(migrations) ? migrations : Object.values(migrations);
  return classes.map((each) => {
    if (typeof each !== 'function') throw new TypeError('Migrations must be listed as classes.');
    const { name } = Reflect.construct(each, []) as { name?: string };
    return name ?? each.name;
  });
}

async function readApplied(connectionString: string): Promise<string[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000, query_timeout: 2000 });
  // A connection that breaks also rejects the query. Without a listener, the error event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: found } = await client.query(
      `SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migrations'`,
    );
    if (found.length === 0) return [];
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
