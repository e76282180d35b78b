import { readdirSync, readFileSync } from 'node:fs';

/** The clock ticks per second of `/proc/<pid>/stat`, which are the same on every Linux. */
const TICKS_PER_SECOND = 100;

interface ProcessState {
  readonly pid: number;
  readonly parent: number;
  /** The CPU time of all threads, in seconds. */
  readonly seconds: number;
  /** The CPU time of the children that have ended, such as the processes of closed connections to PostgreSQL. */
  readonly secondsOfEnded: number;
  readonly residentBytes: number;
  readonly command: string;
}

/** Returns the CPU time in seconds that processes and their children have used; undefined where there is no `/proc`. */
export function cpuSeconds(pids: readonly number[]): number | undefined {
  const states = allProcesses();
  if (!states) return undefined;
  const own = states.filter(({ pid }) => pids.includes(pid));
  const children = states.filter(({ parent }) => pids.includes(parent));
  const running = [...own, ...children].reduce((sum, { seconds }) => sum + seconds, 0);
  return own.reduce((sum, { secondsOfEnded }) => sum + secondsOfEnded, running);
}

/** Returns the memory in bytes that a process keeps resident; undefined where there is no `/proc`. */
export function residentBytes(pid: number): number | undefined {
  return allProcesses()?.find((state) => state.pid === pid)?.residentBytes;
}

/** Returns the ids of the processes that this process has started and whose command line contains a text. */
export function findChildren(text: string): number[] {
  const children = (allProcesses() ?? []).filter(({ parent }) => parent === process.pid);
  return children.filter(({ command }) => command.includes(text)).map(({ pid }) => pid);
}

function allProcesses(): ProcessState[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** Reads a process; undefined when it has just ended. */
function readProcess(pid: number): ProcessState | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program is in parentheses and may contain spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return {
      pid,
      parent: field(4),
      seconds: secondsOf(pid),
      secondsOfEnded: (field(16) + field(17)) / TICKS_PER_SECOND,
      residentBytes: field(24) * 4096,
      command,
    };
  } catch {
    return undefined;
  }
}

/** The scheduler counts in nanoseconds, where `stat` counts in hundredths of a second. */
const secondsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9)
    .reduce((sum, seconds) => sum + seconds, 0);
