import { runMigrations } from '@trefoil/server-kit';
import { testDatabase } from '@trefoil/testing';
import { DataSource } from 'typeorm';
import { providerDataSource } from '../database/data-source.js';
import { demoClients, demoInitialAccessToken, demoResourceServers, demoUsers } from '../demo/demo-data.js';
import { Users } from '../users/users.js';
import { type CommandResult, sharedSecrets, type TerminalOptions, trefoil } from './command-line.js';
import { DEMO, fillWithDemo, type ProviderUnderTest, startProvider } from './provider-under-test.js';
import { givenRegisteredClient } from './registrations.js';
import { basic, post } from './token-requests.js';

/** A running provider whose database holds what `trefoil setup` creates, and the command line of its operator. */
export interface NewInstallation {
  readonly provider: ProviderUnderTest;
  /** Runs a command and expects that it is done. */
  run(args: readonly string[], options?: TerminalOptions): Promise<CommandResult>;
}

/** The e-mail address of the administrator that the setup creates. */
export const FIRST_ADMINISTRATOR = 'first@example.com';

/** Sets up an installation in an empty database and starts its provider. */
export async function startNewInstallation(): Promise<NewInstallation> {
  const DATABASE_URL = await testDatabase();
  // The demo has logout tokens sent to a frontend without https, as `npm start` does.
  const shared = { ...sharedSecrets(), OUTBOUND_ALLOWED_ORIGINS: DEMO.frontend };
  let environment: Record<string, string> = { ...shared, DATABASE_URL, NODE_ENV: 'test' };
  const run = async (args: readonly string[], options?: TerminalOptions): Promise<CommandResult> => {
    const result = await trefoil(environment, [...args, '--json'], options);
    if (result.exitCode !== 0) throw new Error(`trefoil ${args.join(' ')}: ${result.exitCode} ${result.notes}`);
    return result;
  };
  const provider = await startProvider(DATABASE_URL, shared, async ({ ISSUER }) => {
    environment = { ...environment, ISSUER };
    const urls = ['--frontend-url', DEMO.frontend, '--backend-url', DEMO.backend];
    const administrator = ['--admin-email', FIRST_ADMINISTRATOR, '--admin-password-stdin'];
    await run(['setup', ...urls, ...administrator, '--yes'], { input: 'a long enough password' });
  });
  return { provider, run };
}

/** The columns that differ between two installations with the same content, for each table that the demo seed fills. */
const INCOMPARABLE = {
  users: ['password_hash', 'created_at', 'updated_at'],
  clients: ['created_at', 'updated_at'],
  client_secrets: ['id', 'created_at'],
  initial_access_tokens: ['created_at'],
  resource_servers: ['created_at'],
} as const;

/** The rows of tables as JSON, sorted. */
export type Rows = Record<string, readonly unknown[]>;

/** Reads the rows of the tables that the demo seed fills. */
export async function comparableRows(dataSource: DataSource): Promise<Rows> {
  const rows: Rows = {};
  for (const [table, columns] of Object.entries(INCOMPARABLE)) {
    const found = await dataSource.query<{ row: unknown }[]>(
      `SELECT to_jsonb(each) - $1::text[] AS row FROM ${table} AS each ORDER BY row`,
      [columns],
    );
    rows[table] = found.map(({ row }) => row);
  }
  return rows;
}

/**
 * Returns the rows that the demo seed writes for an issuer.
 *
 * @throws Error when the seed fills a table that {@link comparableRows} does not read.
 */
export async function rowsOfSeed(ISSUER: string): Promise<Rows> {
  const DATABASE_URL = await testDatabase();
  await runMigrations(providerDataSource(DATABASE_URL));
  const dataSource = await new DataSource(providerDataSource(DATABASE_URL)).initialize();
  try {
    const before = await filledTables(dataSource);
    await fillWithDemo({ DATABASE_URL, ISSUER });
    const unread = (await filledTables(dataSource)).filter((table) => ![...before, ...TABLES].includes(table));
    if (unread.length > 0) throw new Error(`The demo seed also fills ${unread.join(', ')}. Compare these tables too.`);
    return await comparableRows(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

const TABLES: readonly string[] = Object.keys(INCOMPARABLE);

async function filledTables(dataSource: DataSource): Promise<string[]> {
  const tables = await dataSource.query<{ name: string }[]>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
  );
  const filled: string[] = [];
  for (const { name } of tables) {
    const [row] = await dataSource.query<{ filled: boolean }[]>(`SELECT EXISTS (SELECT FROM "${name}") AS filled`);
    if (row?.filled) filled.push(name);
  }
  return filled;
}

/** What works in an installation with the demo: who can sign in, which client secrets are accepted, and the registration token. */
export async function workingCredentials(provider: ProviderUnderTest): Promise<string[]> {
  const working: string[] = [];
  for (const { email, password } of demoUsers) {
    if (await provider.app.get(Users).authenticate(email, password)) working.push(email);
  }
  for (const { clientId, secret } of demoClients({ issuer: provider.url, ...DEMO })) {
    if (secret === undefined) continue;
    const { status } = await post(provider, '/introspect', { token: 'unknown' }, basic(clientId, secret));
    if (status === 200) working.push(clientId);
  }
  const registered = await givenRegisteredClient(provider);
  if (registered.security_profile === demoInitialAccessToken.defaultProfile) working.push(demoInitialAccessToken.id);
  return working;
}

/** All credentials of the demo, as {@link workingCredentials} names them. */
export const demoCredentials = (provider: ProviderUnderTest): string[] => [
  ...demoUsers.map(({ email }) => email),
  ...demoClients({ issuer: provider.url, ...DEMO }).flatMap(({ clientId, secret }) => (secret ? clientId : [])),
  demoInitialAccessToken.id,
];

/** The demo data as the admin API and the files of commands describe it. Everything that the seed writes is derived from it. */
export const demoContent = ({ url: issuer }: ProviderUnderTest) => ({
  users: demoUsers,
  clients: demoClients({ issuer, ...DEMO }),
  resourceServers: demoResourceServers({ issuer, ...DEMO }),
  registrationToken: demoInitialAccessToken,
});
