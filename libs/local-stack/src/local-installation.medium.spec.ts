import { join } from 'node:path';
import pg from 'pg';
import { createDatabases } from './databases.js';
import { startPostgres } from './embedded-postgres.js';
import { openLocalInstallation } from './local-installation.js';
import { databasePasswords, loadSecrets } from './secrets.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from './temporary-directory.js';

let directory: string;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => removeTemporaryDirectory(directory));

async function databaseOf(url: string | undefined): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ name: string }>('SELECT current_database() AS name')).rows[0]?.name;
  } finally {
    await client.end();
  }
}

it('is found beside what npm start has made, and its database is started when it does not run', async () => {
  const secrets = loadSecrets(join(directory, 'secrets.json'));
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
  await createDatabases(postgres.adminUrl, databasePasswords(secrets));
  await postgres.stop();

  const { environments, release } = await openLocalInstallation(directory);
  try {
    expect(environments.provider.GRANT_KEY).toBe(secrets.grantKey);
    expect(await databaseOf(environments.provider.DATABASE_URL)).toBe('trefoil_provider');
  } finally {
    await release();
  }
  await expect(databaseOf(environments.provider.DATABASE_URL)).rejects.toThrow('ECONNREFUSED');
});

it('is not made where there is none', async () => {
  await expect(openLocalInstallation(directory)).rejects.toThrow('npm start makes one');
});
