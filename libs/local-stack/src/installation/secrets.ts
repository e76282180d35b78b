import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PerApp } from '../apps.js';

/** The secrets of the apps of an installation. Each is 32 random bytes, base64url. */
export interface Secrets {
  providerDatabasePassword: string;
  backendDatabasePassword: string;
  frontendDatabasePassword: string;
  /** Encrypts the provider's signing keys at rest. */
  providerEncryptionKey: string;
  /** Authenticates the provider's codes and refresh tokens. */
  grantKey: string;
  /** Creates the nonces that the backend offers for DPoP proofs. */
  dpopNonceKey: string;
  /** Encrypts the tokens in the frontend's sessions at rest. */
  frontendEncryptionKey: string;
}

/** Returns the known secrets, with new values for those that are missing. */
export function completeSecrets(known: Partial<Secrets>): Secrets {
  return {
    providerDatabasePassword: secret(),
    backendDatabasePassword: secret(),
    frontendDatabasePassword: secret(),
    providerEncryptionKey: secret(),
    grantKey: secret(),
    dpopNonceKey: secret(),
    frontendEncryptionKey: secret(),
    ...known,
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Reads the secrets of an installation, and generates missing ones. Only the owner may read the file. */
export function loadSecrets(file: string): Secrets {
  const known = readSecrets(file);
  const secrets = completeSecrets(known);
  if (Object.keys(secrets).length > Object.keys(known).length) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets;
}

/** Returns the password of each app's database role. */
export function databasePasswords(secrets: Secrets): PerApp<string> {
  return {
    provider: secrets.providerDatabasePassword,
    backend: secrets.backendDatabasePassword,
    frontend: secrets.frontendDatabasePassword,
  };
}

function readSecrets(file: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
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
