import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess } from '../processes/process-table.js';

/** The entries of `postmaster.pid`, the file that a running PostgreSQL server writes. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** Reads `postmaster.pid` of a data directory. Returns undefined if the file does not exist or its server does not run. */
export function readPostmaster(dataDirectory: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  // Another program may have the process id now. Only a postgres that serves this directory counts.
  const command = findProcess(pid)?.command;
  if (command === undefined || !command.includes('postgres') || !command.includes(`-D ${dataDirectory} `))
    return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}
