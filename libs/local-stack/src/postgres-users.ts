import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStillRunning, thisProcess } from './process-table.js';

/** Records that this process uses the cluster, so that another one that also does leaves it running. */
export function registerUser(directory: string): void {
  mkdirSync(usersOf(directory), { recursive: true });
  writeFileSync(join(usersOf(directory), String(process.pid)), thisProcess().startedAt);
}

/** Forgets this process; returns whether others still use the cluster. */
export function unregisterUser(directory: string): { othersRemain: boolean } {
  rmSync(join(usersOf(directory), String(process.pid)), { force: true });
  return { othersRemain: currentUsers(directory).length > 0 };
}

/** The ids of the processes that use the cluster now. */
export function currentUsers(directory: string): number[] {
  if (!existsSync(usersOf(directory))) return [];
  return readdirSync(usersOf(directory))
    .map((name) => ({ pid: Number(name), startedAt: readFileSync(join(usersOf(directory), name), 'utf8') }))
    .filter(isStillRunning)
    .map(({ pid }) => pid);
}

function usersOf(directory: string): string {
  return join(directory, 'users');
}
