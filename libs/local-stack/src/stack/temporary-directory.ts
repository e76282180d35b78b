import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readPostmaster } from '../postgres/postmaster-file.js';
import { isStillRunning, type ProcessEntry, thisProcess } from '../processes/process-table.js';
import { stopLeftOvers } from '../processes/run-record.js';
import { stopServer } from '../postgres/stop-server.js';

const prefix = 'trefoil-test-';
const ownerSuffix = '.owner.json';

/**
 * Creates a directory that belongs to this process, or to the test run that this process is a worker of (`TEST_RUN_OWNER`). It
 * is deleted when its owner ends. Directories of owners that were killed are deleted first.
 */
export async function makeTemporaryDirectory(): Promise<string> {
  await removeDirectories((owner) => !isStillRunning(owner));
  const directory = mkdtempSync(join(tmpdir(), prefix));
  // PostgreSQL started by root runs as another user, which must be able to enter.
  chmodSync(directory, 0o711);
  writeFileSync(ownerFile(directory), thisOwner(), { mode: 0o600 });
  return directory;
}

/** Deletes a temporary directory and its content. */
export function removeTemporaryDirectory(directory: string): void {
  // A database that is stopping may still write while its files are deleted.
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  // Deleted last, so that the next run finishes an interrupted deletion.
  rmSync(ownerFile(directory), { force: true });
}

/**
 * Deletes the directories of this process, or of the test run that it belongs to, and stops the processes in them. An
 * interrupted test leaves such directories.
 */
export async function removeOwnTemporaryDirectories(): Promise<void> {
  const { pid, startedAt } = JSON.parse(thisOwner()) as ProcessEntry;
  await removeDirectories((owner) => owner.pid === pid && owner.startedAt === startedAt);
}

const thisOwner = (): string => process.env.TEST_RUN_OWNER ?? JSON.stringify(thisProcess());

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

/** Stops the processes that a file records, if it is a record of processes. */
async function endRecorded(directory: string, file: string): Promise<void> {
  if (basename(file) === 'run.json') await stopLeftOvers(join(directory, file));
  if (basename(file) !== 'postmaster.pid') return;
  const postmaster = readPostmaster(join(directory, dirname(file)));
  if (postmaster) await stopServer(postmaster.pid);
}

function readOwner(directory: string): ProcessEntry | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(directory), 'utf8')) as ProcessEntry;
  } catch {
    // The file belongs to another user, or is just being written.
    return undefined;
  }
}

function ownerFile(directory: string): string {
  return directory + ownerSuffix;
}
