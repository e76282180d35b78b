import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPostmaster } from './postmaster-file.js';
import { isStillRunning, type ProcessEntry, thisProcess } from './process-table.js';
import { endLeftOvers } from './run-record.js';
import { signalProcess } from './signal-process.js';

const prefix = 'trefoil-test-';

/** Makes a directory that lives as long as this process, and removes those whose process was killed. */
export async function makeTemporaryDirectory(): Promise<string> {
  await removeAbandoned();
  const directory = mkdtempSync(join(tmpdir(), prefix));
  // Root's database runs as another user, who has to pass through.
  chmodSync(directory, 0o711);
  writeFileSync(ownerFile(directory), JSON.stringify(thisProcess()));
  return directory;
}

/** Removes a directory and all that is in it. */
export function removeTemporaryDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

async function removeAbandoned(): Promise<void> {
  const directories = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  for (const directory of directories.map((name) => join(tmpdir(), name))) {
    if (!isAbandoned(directory)) continue;
    await endLeftOvers(join(directory, 'run.json'));
    const postmaster = readPostmaster(join(directory, 'postgres', 'data'));
    if (postmaster) signalProcess(postmaster.pid, 'SIGQUIT');
    removeTemporaryDirectory(directory);
  }
}

function isAbandoned(directory: string): boolean {
  try {
    return !isStillRunning(JSON.parse(readFileSync(ownerFile(directory), 'utf8')) as ProcessEntry);
  } catch {
    // Somebody else's, or just being made.
    return false;
  }
}

function ownerFile(directory: string): string {
  return join(directory, 'owner.json');
}
