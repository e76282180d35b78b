import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { locatePostgresHome } from '../postgres/postgres-home.js';
import { clientProcesses } from '../postgres/client-processes.js';
import { readPostmaster } from '../postgres/postmaster-file.js';
import { assertNotRunning, stopLeftOvers } from '../processes/run-record.js';
import { stopServer } from '../postgres/stop-server.js';

/** Deletes the data, secrets and logs of an installation. @throws Error if a process uses them. */
export async function resetInstallation(directory: string): Promise<void> {
  const run = join(directory, 'run.json');
  assertNotRunning(run);
  await stopLeftOvers(run);
  const postgres = locatePostgresHome(join(directory, 'postgres'));
  if (existsSync(postgres)) await removePostgres(postgres);
  rmSync(directory, { recursive: true, force: true });
}

async function removePostgres(home: string): Promise<void> {
  const [user] = clientProcesses(home);
  if (user) throw new Error(`Process ${user} uses the database. Stop it first: kill ${user}`);
  const postmaster = readPostmaster(join(home, 'data'));
  if (postmaster) await stopServer(postmaster.pid);
  rmSync(home, { recursive: true, force: true });
}
