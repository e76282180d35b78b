import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { get as getHttps } from 'node:https';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { waitUntil } from './wait-until.js';
import { workspace } from '../apps.js';

/** Describes a script to run. */
export interface ScriptOptions {
  /** The name of the process in messages, such as `The provider`. */
  name: string;
  script: string;
  environment: Record<string, string>;
  logFile: string;
}

/** The directory in which Node 22 and later keep compiled code, so that the next start is faster. */
const compileCache = join(workspace, 'node_modules', '.cache', 'node-compile');

/** How a child process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Says that a child process stopped or did not get ready. The message shows the end of its log. */
export class ChildProcessError extends Error {
  constructor(name: string, what: string, logFile: string) {
    super(`${name} ${what}. The end of ${logFile}:\n\n${lastLines(logFile)}\n`);
    this.name = 'ChildProcessError';
  }
}

/** Runs a Node script as a child process with its output in a log file. */
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
    // The child writes the log file itself, without a pipe through this process, so that the log is complete even if this process
    // is killed.
    const log = openSync(options.logFile, 'a', 0o600);
    try {
      const child = spawn(process.execPath, ['--enable-source-maps', options.script], {
        env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...options.environment },
        stdio: ['ignore', log, log],
        // In its own process group, so that the launcher decides when it stops, and not the Ctrl-C of a terminal.
        detached: true,
      });
      return new ScriptProcess(options, child);
    } finally {
      closeSync(log);
    }
  }

  /** Whether the process stopped without being asked to. */
  get hasCrashed(): boolean {
    return this.exit !== undefined && !this.isUnwanted;
  }

  /** Waits for the script to end. @throws ChildProcessError if its exit code is not 0. */
  async finish(): Promise<void> {
    const { code } = await this.exited;
    if (code !== 0) throw this.failure();
  }

  /**
   * Waits until `url` answers 200.
   *
   * @param root the path of the root that issued the certificate of the server, if it speaks HTTPS.
   * @throws ChildProcessError if the process ends or `timeout` milliseconds pass.
   */
  async untilReady(url: string, timeout: number, root?: string): Promise<void> {
    let answer = '';
    const isReady = async () => this.exit !== undefined || (answer = await askHealth(url, root)) === 'ready';
    const inTime = await waitUntil(isReady, { timeout, every: 50 });
    if (this.exit) throw this.failure();
    if (!inTime) throw this.error(`was not ready after ${timeout / 1000} s; ${url} says: ${answer}`);
  }

  /** Stops the process with SIGTERM, and with SIGKILL if it still runs after ten seconds. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM', 10_000);
    await this.kill('SIGKILL', 10_000);
  }

  /** Sends a signal and waits up to `timeout` milliseconds for the end of the process. */
  async kill(signal: NodeJS.Signals, timeout = 10_000): Promise<void> {
    this.isUnwanted = true;
    if (this.exit) return;
    this.child.kill(signal);
    await waitUntil(() => this.exit !== undefined, { timeout });
  }

  /** Returns an error that says how the process ended, with the end of its log. */
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

/** Asks a server whether it is ready. Returns `ready`, or the reason why it is not. */
function askHealth(url: string, root?: string): Promise<string> {
  return new Promise((resolve) => {
    const options = { signal: AbortSignal.timeout(5_000), agent: false };
    const request = url.startsWith('https:')
      ? getHttps(url, { ...options, ca: root && readFileSync(root, 'utf8') })
      : get(url, options);
    request.on('error', ({ message }) => resolve(message));
    request.on('response', (response) => {
      text(response).then(
        (body) => resolve(response.statusCode === 200 ? 'ready' : `${response.statusCode} ${body.slice(0, 500)}`),
        (error: Error) => resolve(error.message),
      );
    });
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}
