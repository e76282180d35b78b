import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PerApp } from './apps.js';
import { databaseUrlsOf } from './databases.js';
import { startPostgres } from './embedded-postgres.js';
import { appEnvironments, type Environment } from './environment.js';
import { localUrls, portsFrom } from './ports.js';
import { databasePasswords, loadSecrets } from './secrets.js';
import { workspace } from './workspace.js';

/** What `npm start` has made on this machine, for a process beside it. */
export interface LocalInstallation {
  /** The environment variables of the apps. */
  environments: PerApp<Environment>;
  /** Lets go of the database, which ends with the last process that uses it. */
  release(): Promise<void>;
}

/**
 * Opens the installation of `npm start`; its database is there until it is released, whether or not the apps run.
 *
 * @param directory holds the installation.
 * @throws Error when there is none: nothing was started here yet.
 */
export async function openLocalInstallation(directory = join(workspace, '.local')): Promise<LocalInstallation> {
  const secretsFile = join(directory, 'secrets.json');
  if (!existsSync(secretsFile)) {
    throw new Error(
      'There is no installation here yet: npm start makes one. Or set DATABASE_URL and what belongs to it.',
    );
  }
  const urls = localUrls(portsFrom(process.env));
  const secrets = loadSecrets(secretsFile);
  const postgres = await startPostgres({ directory: join(directory, 'postgres') });
  const databaseUrls = databaseUrlsOf(postgres.adminUrl, databasePasswords(secrets));
  return { environments: appEnvironments({ urls, databaseUrls, secrets }), release: () => postgres.stop() };
}
