import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { canReach, unprivilegedUser, type UnprivilegedUser } from './unprivileged-user.js';

/** Where a PostgreSQL cluster and all that belongs to it lives, and who runs it if not this user. */
export interface PostgresHome {
  directory: string;
  dataDirectory: string;
  logFile: string;
  user: UnprivilegedUser | undefined;
}

/**
 * Opens (and creates) the home of a cluster. Root cannot run PostgreSQL itself, and the user that does must be able to
 * enter its data: when `wanted` lies behind a closed directory, a place under the system's temporary directory stands in.
 */
export function openPostgresHome(wanted: string, log: (line: string) => void): PostgresHome {
  const user = unprivilegedUser();
  const absolute = resolve(wanted);
  mkdirSync(dirname(absolute), { recursive: true });
  const directory = locate(absolute, user);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  assertOwn(directory);
  chmodSync(directory, user === undefined ? 0o700 : 0o711);
  if (directory !== absolute)
    log(`The database runs as ${user?.name}, who cannot enter ${absolute}: its data is in ${directory}`);
  return { directory, dataDirectory: join(directory, 'data'), logFile: join(directory, 'postgres.log'), user };
}

/** The directory the cluster of `wanted` is in, whether or not it exists yet. */
export function locatePostgresHome(wanted: string): string {
  return locate(resolve(wanted), unprivilegedUser());
}

function locate(wanted: string, user: UnprivilegedUser | undefined): string {
  if (user === undefined || canReach(user, dirname(wanted))) return wanted;
  return join(tmpdir(), `trefoil-postgres-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);
}

/** Everybody may write to the temporary directory: what somebody else prepared there is not used. */
function assertOwn(directory: string): void {
  const entry = lstatSync(directory);
  if (process.getuid && (!entry.isDirectory() || entry.uid !== process.getuid())) {
    throw new Error(`${directory} belongs to another user: remove it, or run as that user`);
  }
}
