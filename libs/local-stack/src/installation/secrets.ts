import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type App, keyVariable } from '@trefoil/app-registry';
import { perApp, type PerApp } from '../apps.js';

/**
 * The secrets of the apps of an installation, such as `providerDatabasePassword` and `providerGrantKey`. Each is 32 random bytes,
 * base64url.
 */
export type Secrets = Readonly<Record<string, string>>;

/** Returns the known secrets, with new values for those that the apps lack. */
export function completeSecrets(apps: readonly App[], known: Secrets = {}): Secrets {
  const needed = apps.flatMap((app) => [...(app.database ? ['database-password'] : []), ...app.keys].map(nameFor(app)));
  return { ...Object.fromEntries(needed.map((name) => [name, secret()])), ...known };
}

/** Returns a function that makes the name of an app's secret from a name in kebab-case. */
const nameFor =
  ({ name }: App) =>
  (kind: string): string =>
    `${name}-${kind}`.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Reads the secrets of an installation, and generates missing ones. Only the owner may read the file. */
export function loadSecrets(file: string, apps: readonly App[]): Secrets {
  const known = readSecrets(file);
  const secrets = completeSecrets(apps, known);
  if (Object.keys(secrets).length > Object.keys(known).length) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets;
}

/** Returns the password of the database role of each app that has a database. */
export const databasePasswords = (secrets: Secrets, apps: readonly App[]): PerApp<string> =>
  perApp(
    apps.filter(({ database }) => database),
    (app) => secrets[nameFor(app)('database-password')] ?? '',
  );

/** Returns the environment variables with the keys of an app. */
export const keysOf = (secrets: Secrets, app: App): Record<string, string> =>
  Object.fromEntries(app.keys.map((key) => [keyVariable(key), secrets[nameFor(app)(key)] ?? '']));

function readSecrets(file: string): Secrets {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(
      `${file} cannot be read. Run npm start -- --reset to create a new one, which also deletes the data.`,
      {
        cause: error,
      },
    );
  }
}
