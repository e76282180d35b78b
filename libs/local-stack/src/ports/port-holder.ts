import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess, type ProcessEntry } from '../processes/process-table.js';

/** Finds the process that listens on a TCP port. Returns undefined if this user may not see it. */
export function findPortHolder(port: number): ProcessEntry | undefined {
  try {
    const pid = process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port);
    return pid === undefined ? undefined : findProcess(pid);
  } catch {
    return undefined;
  }
}

function holderFromProc(port: number): number | undefined {
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port)));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => openFiles(pid).some((file) => sockets.has(file)));
}

/** Returns the listening sockets of a port, in the notation of `/proc/<pid>/fd`. */
function listeningSockets(table: string, port: number): string[] {
  const localPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(localPort) && fields[3] === '0A')
    .map((fields) => `socket:[${fields[9]}]`);
}

function openFiles(pid: number): string[] {
  const directory = `/proc/${pid}/fd`;
  // Processes may end and close files while this function reads them.
  return attempt(() => readdirSync(directory), []).map((name) =>
    attempt(() => readlinkSync(join(directory, name)), ''),
  );
}

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function holderFromLsof(port: number): number | undefined {
  const output = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  const pid = Number(output.split('\n')[0]);
  return pid || undefined;
}
