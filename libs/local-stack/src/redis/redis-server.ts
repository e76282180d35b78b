import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../ports/free-port.js';
import { RunRecord } from '../processes/run-record.js';
import { waitUntil } from '../processes/wait-until.js';
import { findRedis } from './find-redis.js';

const START_MILLISECONDS = 20_000;
const MASTER = 'mymaster';

/** A Redis server on 127.0.0.1 for tests, without persistence. */
export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** Stops the server. Its data is lost. */
  stop(): Promise<void>;
  /** Starts the server again on the same port, without data, unless it runs. */
  start(): Promise<void>;
  /** Makes the server hang (`SIGSTOP`), or go on (`SIGCONT`). */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

/** What a Redis server is: one that stands alone, a cluster of one node, or a sentinel of the server with this port. */
export type RedisKind = 'server' | 'cluster' | { readonly sentinelOf: number };

/**
 * Starts the installed Redis on a free port. It ends with this process, or with the test run that owns the directory.
 *
 * @param directory a directory for the record of the process.
 */
export async function startRedis(directory: string, kind: RedisKind = 'server'): Promise<RunningRedis> {
  mkdirSync(directory, { recursive: true });
  const record = await RunRecord.open(join(directory, 'run.json'), () => {});
  const server = new RedisServer(await freePort(), kind, directory, record);
  await server.start();
  return server;
}

class RedisServer implements RunningRedis {
  readonly url: string;
  private child: ChildProcess | undefined;

  constructor(
    readonly port: number,
    private readonly kind: RedisKind,
    private readonly directory: string,
    private readonly record: RunRecord,
  ) {
    const host = `127.0.0.1:${port}`;
    if (kind === 'server') this.url = `redis://${host}`;
    else this.url = kind === 'cluster' ? `redis+cluster://${host}` : `redis+sentinel://${host}/${MASTER}`;
  }

  async start(): Promise<void> {
    if (this.isRunning) return;
    const program = findRedis();
    if (program === undefined) throw new Error('No redis-server was found. Install it, or set REDIS_SERVER_PATH.');
    const child = spawn(program, this.commandLine(), {
      stdio: 'ignore',
      // In its own process group, so that it stops after the servers that use it, and not by Ctrl-C.
      detached: true,
    });
    this.child = child;
    process.once('exit', this.kill);
    let hasEnded = false;
    child.once('error', () => (hasEnded = true));
    child.once('exit', () => (hasEnded = true));
    const isReady = async () => hasEnded || (await this.isReady());
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

  private commandLine(): string[] {
    const { kind, directory, port } = this;
    if (typeof kind === 'object') {
      // A sentinel reads its master from a file, which it also writes.
      const file = join(directory, 'sentinel.conf');
      const settings = ['bind 127.0.0.1', `port ${port}`, `dir ${directory}`];
      writeFileSync(file, [...settings, `sentinel monitor ${MASTER} 127.0.0.1 ${kind.sentinelOf} 1`].join('\n'));
      return [file, '--sentinel'];
    }
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
    const noPersistence = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
    return [...settings, ...noPersistence, ...(kind === 'cluster' ? ['--cluster-enabled', 'yes'] : [])];
  }

  private async isReady(): Promise<boolean> {
    if (!(await send(this.port, 'PING')).startsWith('+PONG')) return false;
    if (this.kind !== 'cluster') return true;
    if ((await send(this.port, 'CLUSTER INFO')).includes('cluster_state:ok')) return true;
    await send(this.port, 'CLUSTER ADDSLOTSRANGE 0 16383');
    return false;
  }

  private get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  private readonly kill = () => void this.child?.kill('SIGKILL');
}

/** Sends a command to a Redis server. Returns the reply as it was sent; an empty text when the server does not answer. */
function send(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', () => resolve(''));
    socket.once('close', () => resolve(''));
  });
}
