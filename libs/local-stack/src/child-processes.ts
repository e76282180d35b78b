import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { waitUntil } from './wait-until.js';
import { workspace } from './workspace.js';

export interface ScriptOptions {
  /** What the script is to a person: `provider`, `migrations of the backend`. */
  name: string;
  script: string;
  environment: Record<string, string>;
  logFile: string;
}

/** Where Node 22 and later keep what they compiled, so that the next start is quicker. */
const compileCache = join(workspace, 'node_modules', '.cache', 'node-compile');

/** How a child process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A child process ended, or did not get ready, against its purpose; the message shows the end of its log. */
export class ChildProcessError extends Error {
  constructor(name: string, what: string, logFile: string) {
    super(`${name} ${what}. The end of ${logFile}:\n\n${lastLines(logFile)}\n`);
    this.name = 'ChildProcessError';
  }
}

/** A Node script running as a child process, its output in a log file. */
export class ScriptProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  private exit: Exit | undefined;
  private isUnwanted = false;

  private constructor(
    private readonly options: ScriptOptions,
    private readonly child: ChildProcess,
  ) {
    this.pid = child.pid ?? 0;
    this.exited = new Promise((resolve) => {
      child.once('error', () => resolve((this.exit = { code: 1, signal: null })));
      child.once('exit', (code, signal) => resolve((this.exit = { code, signal })));
    });
    process.once('exit', this.endWithLauncher);
    void this.exited.then(() => process.off('exit', this.endWithLauncher));
  }

  static start(options: ScriptOptions): ScriptProcess {
    mkdirSync(dirname(options.logFile), { recursive: true });
    // The log is a file of the child's own, not a pipe through this process: it stays whole when this process is killed.
    const log = openSync(options.logFile, 'a', 0o600);
    try {
      const child = spawn(process.execPath, ['--enable-source-maps', options.script], {
        env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...options.environment },
        stdio: ['ignore', log, log],
        // A process group of its own: who ends it, and when, is the launcher's to say, not a terminal's.
        detached: true,
      });
      return new ScriptProcess(options, child);
    } finally {
      closeSync(log);
    }
  }

  /** Whether it ended although nobody asked it to. */
  get hasCrashed(): boolean {
    return this.exit !== undefined && !this.isUnwanted;
  }

  /** Waits for the script to end well; throws a {@link ChildProcessError} when it does not. */
  async finish(): Promise<void> {
    const { code } = await this.exited;
    if (code !== 0) throw this.failure();
  }

  /** Waits for a 200 from `url`; throws a {@link ChildProcessError} when the process ends or `timeout` ms pass. */
  async untilReady(url: string, timeout: number): Promise<void> {
    let answer = '';
    const isReady = async () => this.exit !== undefined || (answer = await askHealth(url)) === 'ready';
    const inTime = await waitUntil(isReady, { timeout, every: 50 });
    if (this.exit) throw this.failure();
    if (!inTime) throw this.error(`was not ready after ${timeout / 1000} s; ${url} says: ${answer}`);
  }

  /** Ends the process: SIGTERM first, SIGKILL when that did not help for ten seconds. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM', 10_000);
    await this.kill('SIGKILL', 10_000);
  }

  /** Sends a signal and waits for the end of the process, for `timeout` ms at most. */
  async kill(signal: NodeJS.Signals, timeout = 10_000): Promise<void> {
    this.isUnwanted = true;
    if (this.exit) return;
    this.child.kill(signal);
    await waitUntil(() => this.exit !== undefined, { timeout });
  }

  /** Says how it ended, with the end of its log. */
  failure(): ChildProcessError {
    const { code, signal } = this.exit ?? { code: null, signal: null };
    return this.error(signal ? `was ended by ${signal}` : `ended with exit code ${code}`);
  }

  private error(what: string): ChildProcessError {
    return new ChildProcessError(this.options.name, what, this.options.logFile);
  }

  private readonly endWithLauncher = () => {
    this.child.kill('SIGTERM');
  };
}

/** Asks a server whether it is ready; anything but `ready` says why it is not. */
async function askHealth(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const body = await response.text();
    return response.status === 200 ? 'ready' : `${response.status} ${body.slice(0, 500)}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}
