import { randomBytes } from 'node:crypto';
import pg from 'pg';

/**
 * Creates an empty database on the PostgreSQL server of this test run, and returns its connection URL. Call it once per
 * spec file, because every call creates another database. The test run drops all of them when it ends.
 */
export async function testDatabase(): Promise<string> {
  const { DATABASE_URL: adminUrl, TEST_DATABASE_PREFIX: prefix } = process.env;
  if (!adminUrl || !prefix) throw new Error('This test has no PostgreSQL. Name its file *.medium.spec.ts to get one.');
  const name = prefix + randomBytes(6).toString('hex');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
