import { rmSync, writeFileSync, readFileSync } from 'node:fs';
import { isStillRunning, thisProcess } from './process-table.js';
import { waitUntil } from './wait-until.js';

/** Runs `action` while no other process holds the lock file. Takes over the lock of a process that has died. */
export async function withFileLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const { pid, startedAt } = thisProcess();
  const taken = await waitUntil(() => tryLock(path, JSON.stringify({ pid, startedAt })), { timeout: 60_000 });
  if (!taken)
    throw new Error(`Another process has held the lock ${path} for a minute. Stop that process, or delete the file.`);
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string, holder: string): boolean {
  try {
    writeFileSync(path, holder, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isHeld(path)) rmSync(path, { force: true });
    return false;
  }
}

function isHeld(path: string): boolean {
  try {
    const content = readFileSync(path, 'utf8');
    // An empty file was just created by its holder, who has not written it yet.
    return content === '' || isStillRunning(JSON.parse(content) as { pid: number; startedAt: string });
  } catch {
    return true;
  }
}
