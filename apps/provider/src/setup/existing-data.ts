import type { EntityManager } from 'typeorm';
import { accountApi, type ServerUrls } from './registrations.js';

/** The state of an installation that has been set up. */
export interface ExistingInstallation {
  readonly issuer: string;
  readonly resourceServers: readonly string[];
  readonly clients: readonly string[];
  /** The e-mail addresses of the enabled administrators. */
  readonly administrators: readonly string[];
  readonly signingKeys: number;
}

/**
 * The tables that may have rows before an installation is set up: those that a command or an unsuccessful start of an
 * older version may have written. Names of partitions begin with the name of their table.
 */
const MAY_HAVE_ROWS =
  /^(migrations|signing_keys|server_secrets|security_events.*|state_entries|state_feeds|state_feed_entries|rate_limits)$/;

// Any number will do as long as every process uses the same one.
const SETUP_LOCK = 7_336_536;

/** Locks the first rows for this transaction: one setup or demo seed at a time writes them. */
export const lockSetup = (transaction: EntityManager): Promise<unknown> =>
  transaction.query('SELECT pg_advisory_xact_lock($1)', [SETUP_LOCK]);

/** Returns the installation that a database holds; undefined when it has not been set up for this issuer. */
export async function findInstallation(
  manager: EntityManager,
  { issuer }: Pick<ServerUrls, 'issuer'>,
): Promise<ExistingInstallation | undefined> {
  const texts = async (query: string) => (await manager.query<{ text: string }[]>(query)).map(({ text }) => text);
  const resourceServers = await texts(
    'SELECT identifier AS text FROM resource_servers ORDER BY created_at, identifier',
  );
  if (!resourceServers.includes(accountApi({ issuer }).identifier)) return undefined;
  return {
    issuer,
    resourceServers,
    clients: await texts('SELECT client_id AS text FROM clients ORDER BY created_at, client_id'),
    administrators: await texts(
      'SELECT email AS text FROM users WHERE administrator AND disabled_at IS NULL ORDER BY created_at, email',
    ),
    signingKeys: (await texts('SELECT kid AS text FROM signing_keys WHERE retired_at IS NULL')).length,
  };
}

/** Returns whether a database holds the demo data: its initial access token is the one that production refuses. */
export async function holdsDemoData(manager: EntityManager): Promise<boolean> {
  const rows = await manager.query<unknown[]>('SELECT FROM initial_access_tokens WHERE refused_in_production LIMIT 1');
  return rows.length > 0;
}

/** Describes the rows that prevent a database from being set up, such as `2 rows in users`. Empty when there are none. */
export async function describeRows(manager: EntityManager): Promise<string[]> {
  const tables = await manager.query<{ name: string; quoted: string }[]>(
    `SELECT tablename AS name, quote_ident(tablename) AS quoted FROM pg_tables
     WHERE schemaname = current_schema() ORDER BY tablename`,
  );
  const found: string[] = [];
  for (const { name, quoted } of tables.filter((table) => !MAY_HAVE_ROWS.test(table.name))) {
    const [row] = await manager.query<{ count: number }[]>(`SELECT count(*)::integer AS count FROM ${quoted}`);
    if (row && row.count > 0) found.push(`${row.count} ${row.count === 1 ? 'row' : 'rows'} in ${name}`);
  }
  return found;
}
