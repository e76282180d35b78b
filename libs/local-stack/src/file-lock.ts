import { rmSync, writeFileSync, readFileSync } from 'node:fs';
import { isStillRunning, thisProcess } from './process-table.js';
import { waitUntil } from './wait-until.js';

/** Runs `action` while no other process holds the lock file; a lock whose holder has died is taken over. */
export async function withFileLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const { pid, startedAt } = thisProcess();
  const taken = await waitUntil(() => tryLock(path, JSON.stringify({ pid, startedAt })), { timeout: 60_000 });
  if (!taken) throw new Error(`${path} has been held by another process for a minute`);
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
    // Empty: its holder is between creating and writing it.
    return content === '' || isStillRunning(JSON.parse(content) as { pid: number; startedAt: string });
  } catch {
    return true;
  }
}
