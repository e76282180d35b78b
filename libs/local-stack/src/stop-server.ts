import { findProcess } from './process-table.js';
import { signalProcess } from './signal-process.js';
import { waitUntil } from './wait-until.js';

// Fast shutdown, then immediate shutdown, then no choice.
const steps = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/** Ends a PostgreSQL server, however it resists. */
export async function stopServer(pid: number): Promise<void> {
  for (const [signal, timeout] of steps) {
    signalProcess(pid, signal);
    if (await waitUntil(() => findProcess(pid) === undefined, { timeout })) return;
  }
}
