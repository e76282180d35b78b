import pg from 'pg';
import type { PostgresOptions } from './data-source-options.js';

/** Thrown when a database does not fit the server that would use it. The message names the command that helps. */
export class DatabaseNotReadyError extends Error {
  override readonly name = 'DatabaseNotReadyError';
}

/**
 * Checks that all migrations of this version of a server have been applied to its database. Later migrations are accepted:
 * a server of the last release may restart while an upgrade is under way, because the migrations of one release only add to
 * the schema.
 *
 * @param server the name of the server, which is also the folder of its `migrate.js`.
 * @returns the names of the migrations that a newer version has applied.
 * @throws DatabaseNotReadyError when migrations are pending, or when another server has migrated the database.
 */
export async function requireMigrations(options: PostgresOptions, server: string): Promise<string[]> {
  const known = migrationNames(options);
  const applied = await readApplied(options.url ?? '');
  const newer = applied.filter((name) => !known.includes(name));
  const pending = known.filter((name) => !applied.includes(name)).length;
  if (pending === 0) return newer;
  const lacks = `lacks ${pending} of ${known.length} migrations`;
  throw new DatabaseNotReadyError(
    newer.length > 0
      ? `The database of the ${server} has migrations that this version does not know: ${newer.join(', ')}. It also ${lacks}, ` +
          `so it belongs to another server. Set DATABASE_URL to the database of the ${server}.`
      : `The database of the ${server} ${lacks}. Apply them: node apps/${server}/dist/migrate.js`,
  );
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
