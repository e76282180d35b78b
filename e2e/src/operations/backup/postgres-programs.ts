import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = '/usr/lib/postgresql';

/** The programs of one PostgreSQL version: server and clients. */
export interface PostgresPrograms {
  readonly directory: string;
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Returns the newest PostgreSQL that Debian installed; undefined when there is none. The PostgreSQL from npm has no
 * `pg_dump`, and `pg_dump` refuses a server that is newer than itself.
 */
export function findPostgresPrograms(): PostgresPrograms | undefined {
  if (!existsSync(LIBRARY)) return undefined;
  const versions = readdirSync(LIBRARY).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(LIBRARY, version, 'bin'))
    .map((directory) => ({ directory, postgres: join(directory, 'postgres'), initdb: join(directory, 'initdb') }))
    .find(({ directory, initdb }) => existsSync(join(directory, 'pg_dump')) && existsSync(initdb));
}
