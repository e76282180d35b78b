// @ts-check
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { atEnd } from './ending.mjs';
import { loadLocalStack } from './local-stack.mjs';

/** Gives the tests a PostgreSQL in `DATABASE_URL`: the one named there already, or one that lives as long as the run. */
export default async function startPostgresForTests() {
  const prefix = `trefoil_test_${randomBytes(4).toString('hex')}_`;
  process.env.TEST_DATABASE_PREFIX = prefix;
  const given = process.env.DATABASE_URL;
  if (given) {
    atEnd(() => dropDatabases(given, prefix));
    return;
  }
  const { startPostgres, makeTemporaryDirectory, removeTemporaryDirectory } = await loadLocalStack();
  const directory = await makeTemporaryDirectory();
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
  process.env.DATABASE_URL = postgres.adminUrl;
  atEnd(async () => {
    await postgres.stop();
    removeTemporaryDirectory(directory);
  });
}

/** @param {string} adminUrl @param {string} prefix */
async function dropDatabases(adminUrl, prefix) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
