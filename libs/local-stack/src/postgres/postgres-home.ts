import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { canReach, unprivilegedUser, type UnprivilegedUser } from './unprivileged-user.js';

/** The directory of a PostgreSQL cluster and its files. */
export interface PostgresHome {
  directory: string;
  dataDirectory: string;
  logFile: string;
  /** The user that runs the server, if not the user of this process. */
  user: UnprivilegedUser | undefined;
}

/**
 * Opens the home of a cluster, and creates it if it does not exist. PostgreSQL refuses to run as root, and the user that runs it
 * must be able to enter the data directory. If that user cannot reach `wanted`, a directory under the system's temporary
 * directory is used.
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
    log(`The database runs as the user ${user?.name}, which cannot enter ${absolute}. Its data is in ${directory}`);
  return { directory, dataDirectory: join(directory, 'data'), logFile: join(directory, 'postgres.log'), user };
}

/** Returns the directory of the cluster for `wanted`. It may not exist yet. */
export function locatePostgresHome(wanted: string): string {
  return locate(resolve(wanted), unprivilegedUser());
}

function locate(wanted: string, user: UnprivilegedUser | undefined): string {
  if (user === undefined || canReach(user, dirname(wanted))) return wanted;
  return join(tmpdir(), `trefoil-postgres-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);
}

/** Throws if the directory belongs to another user: everybody may create one in the temporary directory. */
function assertOwn(directory: string): void {
  const entry = lstatSync(directory);
  if (process.getuid && (!entry.isDirectory() || entry.uid !== process.getuid())) {
    throw new Error(`${directory} belongs to another user. Delete it, or run as that user.`);
  }
}
