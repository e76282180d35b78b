import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../ports/free-port.js';
import { RunRecord } from '../processes/run-record.js';
import { waitUntil } from '../processes/wait-until.js';
import { findRedis } from './find-redis.js';

const START_MILLISECONDS = 20_000;

/** A Redis server on 127.0.0.1 for tests, without persistence. */
export interface RunningRedis {
  readonly url: string;
  /** Stops the server. Its data is lost. */
  stop(): Promise<void>;
  /** Starts the server again on the same port, without data, unless it runs. */
  start(): Promise<void>;
  /** Makes the server hang (`SIGSTOP`), or go on (`SIGCONT`). */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

/**
 * Starts the installed Redis on a free port. It ends with this process, or with the test run that owns the directory.
 *
 * @param directory a directory for the record of the process.
 */
export async function startRedis(directory: string): Promise<RunningRedis> {
  mkdirSync(directory, { recursive: true });
  const record = await RunRecord.open(join(directory, 'run.json'), () => {});
  const server = new RedisServer(await freePort(), directory, record);
  await server.start();
  return server;
}

class RedisServer implements RunningRedis {
  readonly url: string;
  private child: ChildProcess | undefined;

  constructor(
    private readonly port: number,
    private readonly directory: string,
    private readonly record: RunRecord,
  ) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  async start(): Promise<void> {
    if (this.isRunning) return;
    const program = findRedis();
    if (program === undefined) throw new Error('No redis-server was found. Install it, or set REDIS_SERVER_PATH.');
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(program, [...settings, '--maxmemory-policy', 'noeviction', '--dir', this.directory], {
      stdio: 'ignore',
      // In its own process group, so that it stops after the servers that use it, and not by Ctrl-C.
      detached: true,
    });
    this.child = child;
    process.once('exit', this.kill);
    let hasEnded = false;
    child.once('error', () => (hasEnded = true));
    child.once('exit', () => (hasEnded = true));
    const isReady = async () => hasEnded || (await answers(this.port));
    const inTime = await waitUntil(isReady, { timeout: START_MILLISECONDS });
    if (hasEnded || !inTime) throw new Error(`${program} did not start on port ${this.port}`);
    if (child.pid !== undefined) this.record.add(child.pid);
  }

  async stop(): Promise<void> {
    const { child } = this;
    process.off('exit', this.kill);
    if (!child || !this.isRunning) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    this.record.close();
  }

  private get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  private readonly kill = () => void this.child?.kill('SIGKILL');
}

/** Returns whether a Redis server answers on a port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
