import pg from 'pg';
import { databaseName } from '@trefoil/app-registry';
import { mapPerApp, type PerApp, workspaceApps } from '../apps.js';

/** The connection URL of each app's own database and role. */
export type DatabaseUrls = PerApp<string>;

/**
 * Creates a database and a role for each app that has a password. Roles that exist get the given passwords. No role may connect to
 * the database of another.
 */
export async function createDatabases(
  adminUrl: string,
  passwords: PerApp<string>,
  product = workspaceApps().product,
): Promise<DatabaseUrls> {
  await createEach(adminUrl, passwords, product);
  return databaseUrlsOf(adminUrl, passwords, product);
}

/** Creates a database and a role for a program that is no app of the workspace, such as an example. Returns its connection URL. */
export async function createExampleDatabase(
  adminUrl: string,
  example: string,
  password: string,
  product = workspaceApps().product,
): Promise<string> {
  await createEach(adminUrl, { [example]: password }, product);
  return databaseUrl(adminUrl, databaseName(product, example), password);
}

async function createEach(
  adminUrl: string,
  passwords: Readonly<Record<string, string>>,
  product: string,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
    for (const [app, password] of Object.entries(passwords))
      await createDatabase(client, databaseName(product, app), password);
  } finally {
    await client.end();
  }
}

/** Returns the connection URLs of the databases that {@link createDatabases} creates. */
export const databaseUrlsOf = (adminUrl: string, passwords: PerApp<string>, product: string): DatabaseUrls =>
  mapPerApp(passwords, (password, app) => databaseUrl(adminUrl, databaseName(product, app), password));

async function createDatabase(client: pg.Client, name: string, password: string): Promise<void> {
  const identifier = pg.escapeIdentifier(name);
  const { rowCount: roles } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (!roles) await client.query(`CREATE ROLE ${identifier}`);
  await client.query(`ALTER ROLE ${identifier} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  const { rowCount: databases } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (!databases) await client.query(`CREATE DATABASE ${identifier} OWNER ${identifier}`);
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${identifier} FROM PUBLIC`);
}

function databaseUrl(adminUrl: string, name: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = url.pathname = name;
  url.password = password;
  return url.href;
}
