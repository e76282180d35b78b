import type { Pki } from '@trefoil/pki';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AppRegistry, readAppRegistry } from '@trefoil/app-registry';
import { mapPerApp, type PerApp, workspace } from '../apps.js';
import { ScriptProcess } from '../processes/script-process.js';
import { createDatabases, type DatabaseUrls } from '../postgres/databases.js';
import { startPostgres, type RunningPostgres } from '../postgres/embedded-postgres.js';
import { ensureCertificates, rememberScheme } from '../installation/certificates.js';
import { appEnvironments, type Environment } from '../installation/environment.js';
import { assertPortsFree, localMtlsUrls, localUrls, mtlsPortsFrom, type PerResourceServer } from '../ports/ports.js';
import { preparationsOf } from './preparations.js';
import { RunRecord } from '../processes/run-record.js';
import { databasePasswords, loadSecrets } from '../installation/secrets.js';

/** Describes a stack to start. */
export interface StackOptions {
  /** The directory for data, secrets and logs. */
  directory: string;
  ports: PerApp<number>;
  /** The ports at which apps ask for client certificates. By default they are 400 above the others. */
  mtlsPorts?: PerResourceServer<number>;
  /** The names of the apps to run. All by default. */
  only?: readonly string[];
  /** Whether the servers speak HTTPS, with certificates of a PKI in `directory`. */
  https?: boolean;
  /**
   * Whether the apps authenticate with client certificates. True by default; without certificates they authenticate with
   * secrets, so that a test can put something between them.
   */
  clientCertificates?: boolean;
  /** Environment variables that are added for an app, or that replace the default ones. */
  environment?: Partial<PerApp<Environment>>;
  /** The Redis server that keeps the short-lived state of all apps. By default their databases keep it. */
  redisUrl?: string;
  /** The workspace: the directory with `apps/<app>/app.json` and `apps/<app>/dist`. This one by default. */
  root?: string;
  /** Whether data survives a crash. Tests set it to false, which is faster. */
  durable?: boolean;
  log?: (line: string) => void;
  /** Aborts the start. Everything that was started by then is stopped before the start rejects. */
  signal?: AbortSignal;
}

/** The running servers and their database. */
export interface Stack {
  urls: PerApp<string>;
  /** The URLs at which the apps ask for client certificates. No app listens there without client certificates. */
  mtlsUrls: PerResourceServer<string>;
  databaseUrls: DatabaseUrls;
  /** The URL of the PostgreSQL as the role that may create databases. */
  readonly adminUrl: string;
  /** The certificates of the apps; undefined when they speak plain HTTP and authenticate with secrets. */
  pki: Pki | undefined;
  /** The environment with which each app was started. */
  environments: PerApp<Environment>;
  /** Rejects when a server or the database stops without being asked to. It never resolves. */
  crashed: Promise<never>;
  /** Kills one server, by default with SIGKILL as in a crash. */
  kill(app: string, signal?: NodeJS.Signals): Promise<void>;
  /** Restarts one server. Resolves when it is ready. */
  restart(app: string, environment?: Environment): Promise<void>;
  /** Stops everything. */
  stop(): Promise<void>;
}

const readyTimeout = 60_000;

/** Starts the database, runs migrations, writes demo data and starts the servers. Resolves when every server is ready. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { directory, root = workspace, log = () => {} } = options;
  const registry = readAppRegistry(root);
  const { only = registry.apps.map(({ name }) => name) } = options;
  mkdirSync(directory, { recursive: true });
  const record = await RunRecord.open(join(directory, 'run.json'), log);
  const { mtlsPorts = mtlsPortsFrom({}, registry.apps, options.ports), clientCertificates = true } = options;
  const stack = new LocalStack({ ...options, root, only, mtlsPorts, clientCertificates }, registry, record);
  try {
    await assertPortsFree(options.ports, only, clientCertificates ? mtlsPorts : {});
    await stack.start();
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

type CompleteOptions = StackOptions &
  Required<Pick<StackOptions, 'root' | 'only' | 'mtlsPorts' | 'clientCertificates'>>;

class LocalStack implements Stack {
  readonly urls: PerApp<string>;
  readonly mtlsUrls: PerResourceServer<string>;
  pki: Pki | undefined;
  readonly crashed: Promise<never>;
  databaseUrls: DatabaseUrls = {} as DatabaseUrls;
  environments: PerApp<Environment> = {} as PerApp<Environment>;

  private readonly servers = new Map<string, ScriptProcess>();
  private readonly running = new Set<ScriptProcess>();
  private postgres: RunningPostgres | undefined;
  private isStopping = false;
  private stopped: Promise<void> | undefined;
  private reportCrash: (error: Error) => void = () => {};

  constructor(
    private readonly options: CompleteOptions,
    private readonly registry: AppRegistry,
    private readonly record: RunRecord,
  ) {
    this.urls = localUrls(options.ports, options.https);
    this.mtlsUrls = localMtlsUrls(options.mtlsPorts);
    this.crashed = new Promise((_, reject) => (this.reportCrash = reject));
    // A crash that no caller waits for must not be an unhandled rejection.
    this.crashed.catch(() => {});
  }

  get adminUrl(): string {
    return this.postgres?.adminUrl ?? '';
  }

  async start(): Promise<void> {
    const { directory, only, durable, https = false, log = () => {}, environment, redisUrl, signal } = this.options;
    const { clientCertificates } = this.options;
    const abort = () => void this.stopApps();
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      const { registry } = this;
      const { apps, product } = registry;
      const secrets = loadSecrets(join(directory, 'secrets.json'), apps);
      rememberScheme(directory, https);
      if (https || clientCertificates) this.pki = await ensureCertificates(directory, apps);
      this.postgres = await startPostgres({ directory: join(directory, 'postgres'), durable, log });
      void this.postgres.ended.then(() => {
        if (!this.isStopping)
          this.reportCrash(new Error(`The database stopped. Its log is ${this.postgres?.directory}/postgres.log`));
      });
      log(`${this.postgres.adopted ? 'Using the running' : 'Started'} PostgreSQL on port ${this.postgres.port}`);
      const passwords = databasePasswords(secrets, apps);
      this.databaseUrls = await createDatabases(this.postgres.adminUrl, passwords, product);
      const { urls, databaseUrls, pki } = this;
      const mtlsUrls = clientCertificates ? this.mtlsUrls : undefined;
      const defaults = appEnvironments({ registry, urls, databaseUrls, secrets, pki, mtlsUrls, redisUrl });
      this.environments = mapPerApp(defaults, (variables, app) => ({ ...variables, ...environment?.[app] }));
      signal?.throwIfAborted();
      await Promise.all(apps.filter(({ name }) => only.includes(name)).map((app) => this.startApp(app)));
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async kill(app: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.servers.get(app)?.kill(signal);
  }

  async restart(app: string, environment?: Environment): Promise<void> {
    await this.servers.get(app)?.stop();
    this.environments[app] = { ...this.environments[app], ...environment };
    await this.serve(app);
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.end());
  }

  private async end(): Promise<void> {
    await this.stopApps();
    await this.postgres?.stop();
    this.record.close();
  }

  private async startApp(app: App): Promise<void> {
    const { log = () => {} } = this.options;
    const { name } = app;
    rmSync(this.logFile(name), { force: true });
    for (const script of preparationsOf(app)) {
      await this.spawn(name, script, `${name} (${script === 'migrate' ? 'migrations' : 'demo data'})`).finish();
      log(script === 'migrate' ? `The ${name}'s database is up to date` : 'The demo users and clients exist');
    }
    await this.serve(name);
    log(`The ${name} is ready on ${this.urls[name]}`);
  }

  private async serve(app: string): Promise<void> {
    const server = this.spawn(app, 'main', app);
    this.servers.set(app, server);
    await server.untilReady(`${this.urls[app]}/health/ready`, readyTimeout, this.pki?.root);
    void server.exited.then(() => {
      if (server.hasCrashed) this.reportCrash(server.failure());
    });
  }

  private spawn(app: string, script: string, name: string): ScriptProcess {
    if (this.isStopping) throw new Error(`${name} is not started, because everything is being stopped`);
    const child = ScriptProcess.start({
      name: `The ${name}`,
      script: join(this.options.root, 'apps', app, 'dist', `${script}.js`),
      environment: this.environments[app] ?? {},
      logFile: this.logFile(app),
    });
    this.record.add(child.pid);
    this.running.add(child);
    void child.exited.then(() => this.running.delete(child));
    return child;
  }

  private async stopApps(): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.running].map((child) => child.stop()));
  }

  private logFile(app: string): string {
    return join(this.options.directory, 'logs', `${app}.log`);
  }
}
