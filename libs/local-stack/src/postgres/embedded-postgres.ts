import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createCluster, readPassword } from './create-cluster.js';
import { withFileLock } from '../processes/file-lock.js';
import { freePort, isPortFree } from '../ports/free-port.js';
import { findPostgresBinaries, makeRunnableBy, type PostgresBinaries, serverEnvironment } from './postgres-binaries.js';
import { openPostgresHome, type PostgresHome } from './postgres-home.js';
import { addClientProcess, removeClientProcess } from './client-processes.js';
import { readPostmaster } from './postmaster-file.js';
import { findProcess, signalProcess } from '../processes/process-table.js';
import { stopServer } from './stop-server.js';
import { waitUntil } from '../processes/wait-until.js';

export interface PostgresOptions {
  /** The directory of the cluster, its password, its port and its log. It is created if it does not exist. */
  directory: string;
  /** The port. By default the port of the last start, or another one if that is taken. */
  port?: number;
  /** Whether data survives a crash. Tests set it to false, which is faster. */
  durable?: boolean;
  /** The programs of another PostgreSQL. By default those that npm installed. */
  binaries?: PostgresBinaries;
  log?: (line: string) => void;
}

/** A PostgreSQL server on 127.0.0.1. It stops when the last process that uses it stops using it. */
export interface RunningPostgres {
  port: number;
  /** The connection URL of the superuser. */
  adminUrl: string;
  /** The directory of the cluster, which is another one when the user of PostgreSQL cannot enter the requested one. */
  directory: string;
  /** Whether the server was already running. */
  adopted: boolean;
  /** Resolves when the server has stopped for any reason. */
  ended: Promise<void>;
  /** Stops using the server. It stops if no other process uses it. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm installed. If a server already runs on the same directory, because its launcher was killed or
 * because another process uses it, that server is used. It listens on the IPv4 loopback address only, and stops when this
 * process exits.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { durable = true, log = () => {} } = options;
  const home = openPostgresHome(options.directory, log);
  const found = options.binaries ?? (await findPostgresBinaries());

  return withFileLock(join(home.directory, 'lock'), async () => {
    const binaries = home.user ? makeRunnableBy(home.user, found, home.directory) : found;
    addClientProcess(home.directory);
    const adopted = readPostmaster(home.dataDirectory) !== undefined;
    let child: ChildProcess | undefined;
    if (!adopted) {
      rmSync(join(home.dataDirectory, 'postmaster.pid'), { force: true });
      await createCluster(home, binaries, { durable });
      child = spawnServer(home, binaries, await choosePort(home, options.port), durable);
    }
    const { pid, port } = await untilReady(home, child);
    const interrupt = () => {
      if (!removeClientProcess(home.directory).othersRemain) signalProcess(pid, 'SIGINT');
    };
    process.once('exit', interrupt);
    const ended = endOf(pid, child);
    const adminUrl = `postgresql://postgres:${readPassword(home)}@127.0.0.1:${port}/postgres`;
    await assertConnects(adminUrl, home);
    let stopped: Promise<void> | undefined;
    const stop = () => {
      process.off('exit', interrupt);
      return (stopped ??= withFileLock(join(home.directory, 'lock'), async () => {
        if (!removeClientProcess(home.directory).othersRemain) await stopServer(pid);
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
        // In its own process group, because Ctrl-C in a terminal reaches every process of the launcher's group, and the
        // database must stop after the servers that use it.
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
  child?.once('error', (error) => (failure = `could not be started: ${error.message}`));
  child?.once('exit', (code) => (failure = `exited with code ${code}`));
  const isReady = () => failure !== undefined || readPostmaster(home.dataDirectory)?.ready === true;
  if (!(await waitUntil(isReady, { timeout: 60_000 }))) {
    failure = 'was not ready after a minute';
    child?.kill('SIGINT');
  }
  const postmaster = readPostmaster(home.dataDirectory);
  if (!failure && postmaster) return postmaster;
  throw new Error(`PostgreSQL ${failure ?? 'exited at once'}. The end of its log:\n\n${tail(home.logFile)}`);
}

async function assertConnects(adminUrl: string, home: PostgresHome): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.end();
  } catch (cause) {
    throw new Error(
      `PostgreSQL in ${home.dataDirectory} refuses the password in its password file. Delete the data with npm start -- --reset.`,
      {
        cause,
      },
    );
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
