import pg from 'pg';
import { type AppName, appNames, perApp, type PerApp } from '../apps.js';

/** The connection URL of each app's own database and role. */
export type DatabaseUrls = PerApp<string>;

/**
 * Creates a database and a role for each of the three servers. Roles that exist get the given passwords. No role may connect to
 * the database of another.
 */
export async function createDatabases(adminUrl: string, passwords: PerApp<string>): Promise<DatabaseUrls> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
    for (const app of appNames) await createDatabase(client, databaseName(app), passwords[app]);
  } finally {
    await client.end();
  }
  return databaseUrlsOf(adminUrl, passwords);
}

/** Returns the connection URLs of the databases that {@link createDatabases} creates. */
export const databaseUrlsOf = (adminUrl: string, passwords: PerApp<string>): DatabaseUrls =>
  perApp((app) => databaseUrl(adminUrl, app, passwords[app]));

async function createDatabase(client: pg.Client, name: string, password: string): Promise<void> {
  const identifier = pg.escapeIdentifier(name);
  const { rowCount: roles } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (!roles) await client.query(`CREATE ROLE ${identifier}`);
  await client.query(`ALTER ROLE ${identifier} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  const { rowCount: databases } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (!databases) await client.query(`CREATE DATABASE ${identifier} OWNER ${identifier}`);
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${identifier} FROM PUBLIC`);
}

function databaseUrl(adminUrl: string, app: AppName, password: string): string {
  const url = new URL(adminUrl);
  url.username = url.pathname = databaseName(app);
  url.password = password;
  return url.href;
}

function databaseName(app: AppName): string {
  return `trefoil_${app}`;
}
