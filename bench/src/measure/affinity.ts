import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The cores of the machine: one for the servers and the database, another for the load. */
export interface Cores {
  readonly arePinned: boolean;
  /** Moves this process, and with it the processes that it starts from now on, to the core of the servers. */
  asServer(): void;
  /** Moves this process, and none that it has started, to the core of the load. */
  asLoad(): void;
}

/** Returns the cores; nothing is pinned without `taskset`, or with fewer than two cores. */
export function coresOf(): Cores {
  const arePinned = availableParallelism() >= 2 && moveTo('0,1');
  return {
    arePinned,
    asServer: () => void (arePinned && moveTo('0')),
    asLoad: () => void (arePinned && moveTo('1')),
  };
}

function moveTo(core: string): boolean {
  return spawnSync('taskset', ['-apc', core, String(process.pid)], { stdio: 'ignore' }).status === 0;
}
