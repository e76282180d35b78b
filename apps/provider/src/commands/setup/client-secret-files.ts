import { randomSecret } from '@trefoil/oauth-protocol';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { refusedValue } from '../../http/refusal.js';
import type { ClientApp, ClientSecretSupply } from '../../setup/setup.js';

/** The minimum length of a client secret that an operator chooses: 32 random bytes are 43 characters. */
const SHORTEST = 32;

/** Returns the path of the file with the client secret of an app. */
export const clientSecretFile = (directory: string, app: ClientApp): string => join(directory, app, 'client-secret');

/** Generates client secrets in memory, for a setup that prints them. */
export class GeneratedClientSecrets implements ClientSecretSupply {
  readonly generated = new Map<ClientApp, string>();

  obtain(app: ClientApp): string {
    const secret = randomSecret();
    this.generated.set(app, secret);
    return secret;
  }

  discard(): void {
    this.generated.clear();
  }
}

/** Reads client secrets from files, and writes files that are missing. An existing file is never changed. */
export class ClientSecretFiles implements ClientSecretSupply {
  private readonly written: string[] = [];

  constructor(private readonly directory: string) {}

  obtain(app: ClientApp): string {
    const file = clientSecretFile(this.directory, app);
    const existing = readClientSecret(file);
    if (existing !== undefined) return checkSecret(existing, file);
    const secret = randomSecret();
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, secret, { mode: 0o600, flag: 'wx' });
    this.written.push(file);
    return secret;
  }

  discard(): void {
    for (const file of this.written.splice(0)) rmSync(file, { force: true });
  }
}

/** Returns the client secret in a file; undefined when there is no such file. */
export function readClientSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function checkSecret(secret: string, file: string): string {
  if (secret.length >= SHORTEST && /^[\x21-\x7E]+$/.test(secret)) return secret;
  throw refusedValue(
    'secrets_dir',
    `has the file ${file}, which must contain at least ${SHORTEST} printable ASCII characters without spaces. Delete it to have a secret generated.`,
  );
}
