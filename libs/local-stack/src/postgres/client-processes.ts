import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStillRunning, thisProcess } from '../processes/process-table.js';

/** Records that this process uses the cluster, so that no other process stops the server. */
export function addClientProcess(directory: string): void {
  mkdirSync(folderOf(directory), { recursive: true });
  writeFileSync(join(folderOf(directory), String(process.pid)), thisProcess().startedAt);
}

/** Removes this process from the record. Returns whether other processes still use the cluster. */
export function removeClientProcess(directory: string): { othersRemain: boolean } {
  rmSync(join(folderOf(directory), String(process.pid)), { force: true });
  return { othersRemain: clientProcesses(directory).length > 0 };
}

/** Returns the ids of the running processes that use the cluster. */
export function clientProcesses(directory: string): number[] {
  if (!existsSync(folderOf(directory))) return [];
  return readdirSync(folderOf(directory))
    .map((name) => ({ pid: Number(name), startedAt: readFileSync(join(folderOf(directory), name), 'utf8') }))
    .filter(isStillRunning)
    .map(({ pid }) => pid);
}

function folderOf(directory: string): string {
  return join(directory, 'users');
}
