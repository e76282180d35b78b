import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createCluster, readPassword } from './create-cluster.js';
import { withFileLock } from './file-lock.js';
import { freePort, isPortFree } from './free-port.js';
import { findPostgresBinaries, makeRunnableBy, type PostgresBinaries } from './postgres-binaries.js';
import { openPostgresHome, type PostgresHome } from './postgres-home.js';
import { registerUser, unregisterUser } from './postgres-users.js';
import { readPostmaster } from './postmaster-file.js';
import { findProcess } from './process-table.js';
import { serverEnvironment } from './server-environment.js';
import { signalProcess } from './signal-process.js';
import { stopServer } from './stop-server.js';
import { waitUntil } from './wait-until.js';

export interface PostgresOptions {
  /** Holds the cluster, its password, its port and its log; made when missing. */
  directory: string;
  /** Defaults to the port of the last start when it is free, else to any free one. */
  port?: number;
  /** False trades safety of the data for speed: for tests. */
  durable?: boolean;
  log?: (line: string) => void;
}

/** A PostgreSQL server on 127.0.0.1 that this process uses, and ends when it is the last to do so. */
export interface RunningPostgres {
  port: number;
  /** Connection URL of the superuser. */
  adminUrl: string;
  /** Where the cluster really lives: the directory asked for, or its stand-in. */
  directory: string;
  /** Whether the server was found running. */
  adopted: boolean;
  /** Resolves when the server has ended, asked or not. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm installed, or adopts the one still running on the same directory (its launcher was
 * killed, or another process uses it too). It listens on the IPv4 loopback address only, and ends with this process.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { durable = true, log = () => {} } = options;
  const home = openPostgresHome(options.directory, log);
  const found = await findPostgresBinaries();

  return withFileLock(join(home.directory, 'lock'), async () => {
    const binaries = home.user ? makeRunnableBy(home.user, found, home.directory) : found;
    registerUser(home.directory);
    const adopted = readPostmaster(home.dataDirectory) !== undefined;
    let child: ChildProcess | undefined;
    if (!adopted) {
      rmSync(join(home.dataDirectory, 'postmaster.pid'), { force: true });
      await createCluster(home, binaries, { durable });
      child = spawnServer(home, binaries, await choosePort(home, options.port), durable);
    }
    const { pid, port } = await untilReady(home, child);
    const interrupt = () => {
      if (!unregisterUser(home.directory).othersRemain) signalProcess(pid, 'SIGINT');
    };
    process.once('exit', interrupt);
    const ended = endOf(pid, child);
    const adminUrl = `postgresql://postgres:${readPassword(home)}@127.0.0.1:${port}/postgres`;
    await assertConnects(adminUrl, home);
    let stopped: Promise<void> | undefined;
    const stop = () => {
      process.off('exit', interrupt);
      return (stopped ??= withFileLock(join(home.directory, 'lock'), async () => {
        if (!unregisterUser(home.directory).othersRemain) await stopServer(pid);
      }));
    };
    return { port, adminUrl, directory: home.directory, adopted, ended, stop };
  });
}

async function choosePort(home: PostgresHome, wanted: number | undefined): Promise<number> {
  const file = join(home.directory, 'port');
  const port = wanted ?? (await lastPort(file)) ?? (await freePort());
  writeFileSync(file, String(port));
  return port;
}

async function lastPort(file: string): Promise<number | undefined> {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return (await isPortFree(port, ['127.0.0.1'])) ? port : undefined;
  } catch {
    return undefined;
  }
}

function spawnServer(home: PostgresHome, binaries: PostgresBinaries, port: number, durable: boolean): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const log = openSync(home.logFile, 'w', 0o600);
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', home.dataDirectory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: home.directory,
        env: serverEnvironment(),
        uid: home.user?.uid,
        gid: home.user?.gid,
        stdio: ['ignore', log, log],
        // A process group of its own: Ctrl-C in a terminal reaches every process of the launcher's group, and the
        // database has to outlive the servers that use it.
        detached: true,
      },
    );
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

async function untilReady(home: PostgresHome, child: ChildProcess | undefined): Promise<{ pid: number; port: number }> {
  let failure: string | undefined;
  child?.once('error', (error) => (failure = `could not be run: ${error.message}`));
  child?.once('exit', (code) => (failure = `ended with code ${code}`));
  const isReady = () => failure !== undefined || readPostmaster(home.dataDirectory)?.ready === true;
  if (!(await waitUntil(isReady, { timeout: 60_000 }))) {
    failure = 'was not ready after a minute';
    child?.kill('SIGINT');
  }
  const postmaster = readPostmaster(home.dataDirectory);
  if (!failure && postmaster) return postmaster;
  throw new Error(`PostgreSQL ${failure ?? 'ended at once'}. The end of its log:\n\n${tail(home.logFile)}`);
}

async function assertConnects(adminUrl: string, home: PostgresHome): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.end();
  } catch (cause) {
    throw new Error(`PostgreSQL runs on ${home.dataDirectory}, but refuses its own password: start over with --reset`, {
      cause,
    });
  }
}

function endOf(pid: number, child: ChildProcess | undefined): Promise<void> {
  if (child) return new Promise((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (findProcess(pid)) return;
      clearInterval(timer);
      resolve();
    }, 500);
    timer.unref();
  });
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}
