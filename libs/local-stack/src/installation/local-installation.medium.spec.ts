import { join } from 'node:path';
import pg from 'pg';
import { workspaceApps } from '../apps.js';
import { createDatabases } from '../postgres/databases.js';
import { startPostgres } from '../postgres/embedded-postgres.js';
import { openLocalInstallation } from './local-installation.js';
import { databasePasswords, loadSecrets } from './secrets.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../stack/temporary-directory.js';

const { apps } = workspaceApps();
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

it('is the one that npm start created, and its database is started if it does not run', async () => {
  const secrets = loadSecrets(join(directory, 'secrets.json'), apps);
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
  await createDatabases(postgres.adminUrl, databasePasswords(secrets, apps));
  await postgres.stop();

  const { environments, release } = await openLocalInstallation(directory);
  try {
    expect(environments.provider.GRANT_KEY).toBe(secrets.providerGrantKey);
    expect(await databaseOf(environments.provider.DATABASE_URL)).toBe('trefoil_provider');
  } finally {
    await release();
  }
  await expect(databaseOf(environments.provider.DATABASE_URL)).rejects.toThrow('ECONNREFUSED');
});

it('is not created if npm start has never run', async () => {
  await expect(openLocalInstallation(directory)).rejects.toThrow('Run npm start to create one');
});
