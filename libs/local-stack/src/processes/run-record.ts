import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withFileLock } from './file-lock.js';
import { findProcess, isStillRunning, type ProcessEntry, signalProcess, thisProcess } from './process-table.js';
import { waitUntil } from './wait-until.js';

interface RecordedRun {
  launcher: ProcessEntry;
  children: ProcessEntry[];
}

/** Says that another launcher runs the same installation. */
export class AlreadyRunningError extends Error {
  constructor(readonly pid: number) {
    super(`Trefoil is already running, started by process ${pid}. Stop it first with Ctrl-C or with: kill ${pid}`);
    this.name = 'AlreadyRunningError';
  }
}

/** Records the processes of a run in a file, so that the next run can stop the processes that a killed launcher left. */
export class RunRecord {
  private readonly run: RecordedRun = { launcher: thisProcess(), children: [] };

  private constructor(private readonly file: string) {}

  /**
   * Begins a run, and stops the processes that a killed launcher left.
   *
   * @throws AlreadyRunningError if the launcher of another run is alive.
   */
  static async open(file: string, log: (line: string) => void): Promise<RunRecord> {
    mkdirSync(dirname(file), { recursive: true });
    return withFileLock(`${file}.lock`, async () => {
      assertNotRunning(file);
      await stopLeftOvers(file, log);
      const record = new RunRecord(file);
      record.write();
      return record;
    });
  }

  /** Records a child process of this run. */
  add(pid: number): void {
    const entry = findProcess(pid);
    if (!entry) return;
    this.run.children = [...this.run.children.filter(isStillRunning), entry];
    this.write();
  }

  /** Ends the run, and deletes its record. */
  close(): void {
    rmSync(this.file, { force: true });
  }

  private write(): void {
    writeFileSync(this.file, JSON.stringify(this.run, null, 2));
  }
}

/** Checks that no run is alive. @throws AlreadyRunningError if the launcher of the recorded run is alive. */
export function assertNotRunning(file: string): void {
  const launcher = readRun(file)?.launcher;
  if (launcher && launcher.pid !== process.pid && isStillRunning(launcher)) throw new AlreadyRunningError(launcher.pid);
}

/** Stops the child processes of a recorded run that still run. */
export async function stopLeftOvers(file: string, log: (line: string) => void = () => {}): Promise<void> {
  const leftOver = (readRun(file)?.children ?? []).filter(isStillRunning);
  if (leftOver.length === 0) return;
  log(`Stopping the processes that the last run left: ${leftOver.map(({ pid }) => pid).join(', ')}`);
  await Promise.all(leftOver.map(end));
}

function readRun(file: string): RecordedRun | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RecordedRun;
  } catch {
    // The file does not exist, or its launcher was killed while writing it: the processes of that run are unknown.
    return undefined;
  }
}

async function end(recorded: ProcessEntry): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isStillRunning(recorded)) return;
    signalProcess(recorded.pid, signal);
    await waitUntil(() => !isStillRunning(recorded), { timeout: 5_000 });
  }
}
