import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withFileLock } from './file-lock.js';
import { findProcess, isStillRunning, type ProcessEntry, thisProcess } from './process-table.js';
import { signalProcess } from './signal-process.js';
import { waitUntil } from './wait-until.js';

interface RecordedRun {
  launcher: ProcessEntry;
  children: ProcessEntry[];
}

/** Another launcher runs the same installation now. */
export class AlreadyRunningError extends Error {
  constructor(readonly pid: number) {
    super(`Trefoil runs already, started by process ${pid}. Stop that one first (Ctrl-C there, or: kill ${pid})`);
    this.name = 'AlreadyRunningError';
  }
}

/** The file that says which processes belong to a run, so that the next one can end what a killed launcher left. */
export class RunRecord {
  private readonly run: RecordedRun = { launcher: thisProcess(), children: [] };

  private constructor(private readonly file: string) {}

  /** Begins a run: refuses when another is alive, and ends what is left of one whose launcher was killed. */
  static async open(file: string, log: (line: string) => void): Promise<RunRecord> {
    mkdirSync(dirname(file), { recursive: true });
    return withFileLock(`${file}.lock`, async () => {
      assertNotRunning(file);
      await endLeftOvers(file, log);
      const record = new RunRecord(file);
      record.write();
      return record;
    });
  }

  /** Notes a child process of this run. */
  add(pid: number): void {
    const entry = findProcess(pid);
    if (!entry) return;
    this.run.children = [...this.run.children.filter(isStillRunning), entry];
    this.write();
  }

  /** Ends the run: nothing of it is left. */
  close(): void {
    rmSync(this.file, { force: true });
  }

  private write(): void {
    writeFileSync(this.file, JSON.stringify(this.run, null, 2));
  }
}

/** Throws an {@link AlreadyRunningError} when the launcher of a recorded run is alive. */
export function assertNotRunning(file: string): void {
  const launcher = readRun(file)?.launcher;
  if (launcher && launcher.pid !== process.pid && isStillRunning(launcher)) throw new AlreadyRunningError(launcher.pid);
}

/** Ends the children of a recorded run that are still running. */
export async function endLeftOvers(file: string, log: (line: string) => void = () => {}): Promise<void> {
  const leftOver = (readRun(file)?.children ?? []).filter(isStillRunning);
  if (leftOver.length === 0) return;
  log(`Ending what the last run left behind: processes ${leftOver.map(({ pid }) => pid).join(', ')}`);
  await Promise.all(leftOver.map(end));
}

function readRun(file: string): RecordedRun | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RecordedRun;
  } catch {
    // None, or cut short by the very kill it is there for: then nothing can be said of that run.
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
