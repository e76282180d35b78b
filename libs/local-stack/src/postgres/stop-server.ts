import { findProcess, signalProcess } from '../processes/process-table.js';
import { waitUntil } from '../processes/wait-until.js';

// Fast shutdown, then immediate shutdown, then kill. Each with the milliseconds to wait for it.
const steps = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/** Stops a PostgreSQL server. Kills it if it does not stop by itself. */
export async function stopServer(pid: number): Promise<void> {
  for (const [signal, timeout] of steps) {
    signalProcess(pid, signal);
    if (await waitUntil(() => findProcess(pid) === undefined, { timeout })) return;
  }
}
