import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A running process. `startedAt` distinguishes it from a later process with the same id. */
export interface ProcessEntry {
  pid: number;
  startedAt: string;
  command: string;
}

/** Finds the running process with an id. A process that has ended counts as gone, even if its parent has not collected it. */
export function findProcess(pid: number): ProcessEntry | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return existsSync('/proc/self/stat') ? readFromProc(pid) : readFromPs(pid);
}

/** Returns whether a recorded process still runs, and not another one with the same id. */
export function isStillRunning(recorded: Pick<ProcessEntry, 'pid' | 'startedAt'>): boolean {
  return findProcess(recorded.pid)?.startedAt === recorded.startedAt;
}

/** Returns the entry of this process. */
export function thisProcess(): ProcessEntry {
  return findProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown', command: process.argv.join(' ') };
}

function readFromProc(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses, which may contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    // The time is in ticks since the machine was started, so the id of that start belongs to it.
    return { pid, startedAt: `${fields[19]} ${bootId()}`, command };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function readFromPs(pid: number): ProcessEntry | undefined {
  try {
    const output = execFileSync('ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state = 'Z', ...rest] = output.split(/\s+/);
    if (state.startsWith('Z')) return undefined;
    return { pid, startedAt: rest.slice(0, 5).join(' '), command: rest.slice(5).join(' ') };
  } catch {
    return undefined;
  }
}

/** Sends a signal to a process. Does nothing if the process has ended. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
