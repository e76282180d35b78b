import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { locatePostgresHome } from './postgres-home.js';
import { currentUsers } from './postgres-users.js';
import { readPostmaster } from './postmaster-file.js';
import { assertNotRunning, endLeftOvers } from './run-record.js';
import { stopServer } from './stop-server.js';

/** Deletes the data, secrets and logs of an installation; refuses while something uses them. */
export async function resetInstallation(directory: string): Promise<void> {
  const run = join(directory, 'run.json');
  assertNotRunning(run);
  await endLeftOvers(run);
  const postgres = locatePostgresHome(join(directory, 'postgres'));
  if (existsSync(postgres)) await removePostgres(postgres);
  rmSync(directory, { recursive: true, force: true });
}

async function removePostgres(home: string): Promise<void> {
  const [user] = currentUsers(home);
  if (user) throw new Error(`The database is in use by process ${user}: stop that first (kill ${user})`);
  const postmaster = readPostmaster(join(home, 'data'));
  if (postmaster) await stopServer(postmaster.pid);
  rmSync(home, { recursive: true, force: true });
}
