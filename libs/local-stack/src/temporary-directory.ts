import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readPostmaster } from './postmaster-file.js';
import { isStillRunning, type ProcessEntry, thisProcess } from './process-table.js';
import { endLeftOvers } from './run-record.js';
import { stopServer } from './stop-server.js';

const prefix = 'trefoil-test-';
const ownerSuffix = '.owner.json';

/**
 * Makes a directory that lives as long as this process, or as the test run this process is a worker of (named in
 * `TEST_RUN_OWNER`), and removes those whose owner was killed.
 */
export async function makeTemporaryDirectory(): Promise<string> {
  await removeDirectories((owner) => !isStillRunning(owner));
  const directory = mkdtempSync(join(tmpdir(), prefix));
  // Root's database runs as another user, who has to pass through.
  chmodSync(directory, 0o711);
  writeFileSync(ownerFile(directory), process.env.TEST_RUN_OWNER ?? JSON.stringify(thisProcess()), { mode: 0o600 });
  return directory;
}

/** Removes a directory and all that is in it. */
export function removeTemporaryDirectory(directory: string): void {
  // A database that is ending may still write while its files are removed.
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  // The last to go, so that an interrupted removal is finished by the next run.
  rmSync(ownerFile(directory), { force: true });
}

/** Ends what still runs in directories this process owns, and removes them: what an interrupted test left. */
export async function removeOwnTemporaryDirectories(): Promise<void> {
  const own = thisProcess();
  await removeDirectories((owner) => owner.pid === own.pid && owner.startedAt === own.startedAt);
}

async function removeDirectories(concerned: (owner: ProcessEntry) => boolean): Promise<void> {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix) && name.endsWith(ownerSuffix));
  for (const directory of names.map((name) => join(tmpdir(), name.slice(0, -ownerSuffix.length)))) {
    const owner = readOwner(directory);
    if (!owner || !concerned(owner)) continue;
    for (const file of filesIn(directory)) await endRecorded(directory, file);
    removeTemporaryDirectory(directory);
  }
}

function filesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : [];
}

/** Ends the processes that a file speaks of, when it is one that does. */
async function endRecorded(directory: string, file: string): Promise<void> {
  if (basename(file) === 'run.json') await endLeftOvers(join(directory, file));
  if (basename(file) !== 'postmaster.pid') return;
  const postmaster = readPostmaster(join(directory, dirname(file)));
  if (postmaster) await stopServer(postmaster.pid);
}

function readOwner(directory: string): ProcessEntry | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(directory), 'utf8')) as ProcessEntry;
  } catch {
    // Somebody else's, or just being made.
    return undefined;
  }
}

function ownerFile(directory: string): string {
  return directory + ownerSuffix;
}
