import {
  createDatabases,
  freePort,
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  RunRecord,
  type RunningPostgres,
  startPostgres,
} from '@trefoil/local-stack';
import { Authority } from '@trefoil/pki';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuideBlock } from '../guide.js';
import { TlsProxy } from './tls-proxy.js';

const checkout = fileURLToPath(new URL('../../../..', import.meta.url));

/** A machine with an empty PostgreSQL and a reverse proxy with certificates, on which a guide is followed. */
export class EmptyMachine {
  private readonly servers: ChildProcess[] = [];

  private constructor(
    readonly directory: string,
    /** The certificate of the authority that the proxies' certificates are from, as PEM. */
    readonly authority: string,
    readonly proxies: Readonly<Record<'provider' | 'backend' | 'frontend', TlsProxy>>,
    readonly ports: Readonly<Record<'provider' | 'backend' | 'frontend', number>>,
    private readonly postgres: RunningPostgres,
    private readonly record: RunRecord,
  ) {}

  static async start(): Promise<EmptyMachine> {
    const directory = await makeTemporaryDirectory();
    // With this record, a later run can end the servers when this test run is killed.
    const record = await RunRecord.open(join(directory, 'run.json'), () => {});
    const postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
    const root = await Authority.createRoot('Trefoil test root');
    const authority = root.pair.certificate;
    writeFileSync(join(directory, 'authority.pem'), authority);
    const certificate = await (
      await root.createIssuing('Trefoil test authority')
    ).issueServer('localhost', ['localhost']);
    const [provider, backend, frontend] = await Promise.all([freePort(), freePort(), freePort()]);
    const proxies = {
      provider: await TlsProxy.start(provider, certificate),
      backend: await TlsProxy.start(backend, certificate),
      frontend: await TlsProxy.start(frontend, certificate),
    };
    const ports = { provider, backend, frontend };
    return new EmptyMachine(directory, authority, proxies, ports, postgres, record);
  }

  /** The address of PostgreSQL: host and port. */
  get databaseHost(): string {
    return new URL(this.postgres.adminUrl).host;
  }

  /** Creates the databases without `psql`, for machines that do not have it. */
  async createDatabases(): Promise<void> {
    const password = (app: string) => readFileSync(join(this.directory, 'etc', 'postgres', `${app}-password`), 'utf8');
    const passwords = { provider: password('provider'), backend: password('backend'), frontend: password('frontend') };
    await createDatabases(this.postgres.adminUrl, passwords);
  }

  /**
   * Runs a block of commands in the checkout. Commands that end in `&` run until the machine is stopped.
   *
   * @returns what the commands wrote to standard output.
   * @throws Error with the output of a command that fails.
   */
  async run({ commands }: GuideBlock): Promise<string> {
    const lines = commands.trim().split('\n');
    if (lines.every((line) => line.endsWith(' &'))) {
      for (const line of lines) this.servers.push(this.spawn(`exec ${line.slice(0, -2)}`));
      return '';
    }
    const log = this.logFile;
    const child = this.spawn(commands);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code === 0) return readFileSync(log, 'utf8');
    throw new Error(`Exit code ${code} of:\n${commands}\n${readFileSync(log, 'utf8')}`);
  }

  /** Stops the servers, the proxies and PostgreSQL, and deletes everything. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map(end));
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.stop()));
    await this.postgres.stop();
    this.record.close();
    removeTemporaryDirectory(this.directory);
  }

  /** Returns what the servers have written, for a failed test. */
  get serverLogs(): string {
    return this.servers
      .map((_server, index) => readFileSync(join(this.directory, `server-${index}.log`), 'utf8'))
      .join('\n');
  }

  private get logFile(): string {
    return join(this.directory, `server-${this.servers.length}.log`);
  }

  private spawn(script: string): ChildProcess {
    const { hostname, port, username, password } = new URL(this.postgres.adminUrl);
    const log = openSync(this.logFile, 'w', 0o600);
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: checkout,
      env: {
        PATH: process.env.PATH,
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: username,
        PGPASSWORD: decodeURIComponent(password),
        // The certificates are from an authority of this machine.
        NODE_EXTRA_CA_CERTS: join(this.directory, 'authority.pem'),
        CURL_CA_BUNDLE: join(this.directory, 'authority.pem'),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.record.add(child.pid ?? 0);
    return child;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
