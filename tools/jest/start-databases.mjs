// @ts-check
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { atEnd } from './ending.mjs';
import { loadLocalStack } from './local-stack.mjs';

/** Starts the PostgreSQL and, if it is installed, the Redis of the test run. */
export default async function startDatabasesForTests() {
  await Promise.all([startPostgresForTests(), startRedisForTests()]);
}

/** Starts a Redis and sets `TEST_REDIS_URL`. */
async function startRedisForTests() {
  const { findRedis, makeTemporaryDirectory, removeTemporaryDirectory, startRedis } = await loadLocalStack();
  if (!findRedis()) return;
  const directory = await makeTemporaryDirectory();
  const redis = await startRedis(directory);
  process.env.TEST_REDIS_URL = redis.url;
  atEnd(async () => {
    await redis.stop();
    removeTemporaryDirectory(directory);
  });
}

/** Starts a PostgreSQL and sets `DATABASE_URL`, unless that variable names a server already. */
async function startPostgresForTests() {
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

/** Drops the databases that the tests created on a given server. @param {string} adminUrl @param {string} prefix */
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
