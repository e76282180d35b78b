import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess } from './process-table.js';

/** What a running PostgreSQL server says of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** Reads `postmaster.pid` of a data directory; undefined when there is none or the server it names has died. */
export function readPostmaster(dataDirectory: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  // The id may have gone to another program since: only a postgres that serves this directory counts.
  const command = findProcess(pid)?.command;
  if (command === undefined || !command.includes('postgres') || !command.includes(`-D ${dataDirectory} `))
    return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}
