import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isStillRunning, thisProcess } from './process-table.js';
import { waitUntil } from './wait-until.js';

/** Runs `action` while no other process holds the lock file. Takes over the lock of a process that has died. */
export async function withFileLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const { pid, startedAt } = thisProcess();
  const holder = JSON.stringify({ pid, startedAt });
  const taken = await waitUntil(() => create(path, holder) || (removeAbandoned(path, holder) && create(path, holder)), {
    timeout: 60_000,
  });
  if (!taken)
    throw new Error(`Another process has held the lock ${path} for a minute. Stop that process, or delete the file.`);
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Creates a file with its content in one step. Returns false if it exists. */
function create(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Deletes the lock of a process that has died. Only the holder of a second lock looks and deletes, so that nobody deletes
 * the lock of a process that has taken it over in between.
 */
function removeAbandoned(path: string, holder: string): boolean {
  const takeover = `${path}.takeover`;
  if (!create(takeover, holder)) {
    // It is held for a few instructions only: an older one is of a process that died within them.
    if (ageOf(takeover) > 10_000) rmSync(takeover, { force: true });
    return false;
  }
  try {
    if (isHeld(path)) return false;
    rmSync(path, { force: true });
    return true;
  } finally {
    rmSync(takeover, { force: true });
  }
}

function ageOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
}

function isHeld(path: string): boolean {
  try {
    return isStillRunning(JSON.parse(readFileSync(path, 'utf8')) as { pid: number; startedAt: string });
  } catch (error) {
    // An unreadable lock was written by something else, or by a process that died while it wrote.
    return (error as NodeJS.ErrnoException).code !== undefined;
  }
}
