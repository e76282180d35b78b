import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type PerApp, workspace, workspaceApps } from '../apps.js';
import { databaseUrlsOf } from '../postgres/databases.js';
import { startPostgres } from '../postgres/embedded-postgres.js';
import { ensureCertificates, usesHttps } from './certificates.js';
import { appEnvironments, type Environment } from './environment.js';
import { localMtlsUrls, localUrls, mtlsPortsFrom, portsFrom } from '../ports/ports.js';
import { databasePasswords, loadSecrets } from './secrets.js';

/** The installation that `npm start` created on this machine, for use by another process. */
export interface LocalInstallation {
  /** The environment variables of the apps. */
  environments: PerApp<Environment>;
  /** The URL of its PostgreSQL as the role that may create databases. */
  adminUrl: string;
  /** Releases the database. It stops when the last process that uses it releases it. */
  release(): Promise<void>;
}

/**
 * Opens the installation of `npm start`. Its database runs until it is released, whether or not the apps run.
 *
 * @param directory the directory of the installation.
 * @throws Error if there is no installation, because `npm start` has never run here.
 */
export async function openLocalInstallation(directory = join(workspace, '.local')): Promise<LocalInstallation> {
  const secretsFile = join(directory, 'secrets.json');
  if (!existsSync(secretsFile)) {
    throw new Error(
      'There is no installation here yet. Run npm start to create one, or set DATABASE_URL and the other variables.',
    );
  }
  const registry = workspaceApps();
  const { apps, product } = registry;
  const ports = portsFrom(process.env, apps);
  const urls = localUrls(ports, usesHttps(directory));
  const mtlsUrls = localMtlsUrls(mtlsPortsFrom(process.env, apps, ports));
  const pki = await ensureCertificates(directory, apps);
  const secrets = loadSecrets(secretsFile, apps);
  const postgres = await startPostgres({ directory: join(directory, 'postgres') });
  const databaseUrls = databaseUrlsOf(postgres.adminUrl, databasePasswords(secrets, apps), product);
  return {
    environments: appEnvironments({ registry, urls, databaseUrls, secrets, pki, mtlsUrls }),
    adminUrl: postgres.adminUrl,
    release: () => postgres.stop(),
  };
}
