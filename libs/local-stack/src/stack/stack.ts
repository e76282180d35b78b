import type { Pki } from '@trefoil/pki';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppName, appNames, perApp, type PerApp, workspace } from '../apps.js';
import { ScriptProcess } from '../processes/script-process.js';
import { createDatabases, type DatabaseUrls } from '../postgres/databases.js';
import { startPostgres, type RunningPostgres } from '../postgres/embedded-postgres.js';
import { ensureCertificates, rememberScheme } from '../installation/certificates.js';
import { appEnvironments, type Environment } from '../installation/environment.js';
import { assertPortsFree, localUrls } from '../ports/ports.js';
import { RunRecord } from '../processes/run-record.js';
import { databasePasswords, loadSecrets } from '../installation/secrets.js';

/** Describes a stack to start. */
export interface StackOptions {
  /** The directory for data, secrets and logs. */
  directory: string;
  ports: PerApp<number>;
  /** The servers to run. All three by default. */
  only?: readonly AppName[];
  /** Whether the servers speak HTTPS, with certificates of a PKI in `directory`. */
  https?: boolean;
  /** Environment variables that are added for an app, or that replace the default ones. */
  environment?: Partial<PerApp<Environment>>;
  /** The Redis server that keeps the short-lived state of all apps. By default their databases keep it. */
  redisUrl?: string;
  /** The directory that contains `apps/<app>/dist`. This workspace by default. */
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
  databaseUrls: DatabaseUrls;
  /** The certificates of the servers; undefined when they speak plain HTTP. */
  pki: Pki | undefined;
  /** The environment with which each app was started. */
  environments: PerApp<Environment>;
  /** Rejects when a server or the database stops without being asked to. It never resolves. */
  crashed: Promise<never>;
  /** Kills one server, by default with SIGKILL as in a crash. */
  kill(app: AppName, signal?: NodeJS.Signals): Promise<void>;
  /** Restarts one server. Resolves when it is ready. */
  restart(app: AppName, environment?: Environment): Promise<void>;
  /** Stops everything. */
  stop(): Promise<void>;
}

const readyTimeout = 60_000;

/** Starts the database, runs migrations, writes demo data and starts the servers. Resolves when every server is ready. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { directory, only = appNames, log = () => {} } = options;
  mkdirSync(directory, { recursive: true });
  const record = await RunRecord.open(join(directory, 'run.json'), log);
  const stack = new LocalStack(options, record);
  try {
    await assertPortsFree(options.ports, only);
    await stack.start();
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

class LocalStack implements Stack {
  readonly urls: PerApp<string>;
  pki: Pki | undefined;
  readonly crashed: Promise<never>;
  databaseUrls: DatabaseUrls = perApp(() => '');
  environments: PerApp<Environment> = perApp(() => ({}));

  private readonly servers = new Map<AppName, ScriptProcess>();
  private readonly running = new Set<ScriptProcess>();
  private postgres: RunningPostgres | undefined;
  private isStopping = false;
  private stopped: Promise<void> | undefined;
  private reportCrash: (error: Error) => void = () => {};

  constructor(
    private readonly options: StackOptions,
    private readonly record: RunRecord,
  ) {
    this.urls = localUrls(options.ports, options.https);
    this.crashed = new Promise((_, reject) => (this.reportCrash = reject));
    // A crash that no caller waits for must not be an unhandled rejection.
    this.crashed.catch(() => {});
  }

  async start(): Promise<void> {
    const {
      directory,
      only = appNames,
      durable,
      https = false,
      log = () => {},
      environment,
      redisUrl,
      signal,
    } = this.options;
    const abort = () => void this.stopApps();
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      const secrets = loadSecrets(join(directory, 'secrets.json'));
      rememberScheme(directory, https);
      if (https) this.pki = await ensureCertificates(directory);
      this.postgres = await startPostgres({ directory: join(directory, 'postgres'), durable, log });
      void this.postgres.ended.then(() => {
        if (!this.isStopping)
          this.reportCrash(new Error(`The database stopped. Its log is ${this.postgres?.directory}/postgres.log`));
      });
      log(`${this.postgres.adopted ? 'Using the running' : 'Started'} PostgreSQL on port ${this.postgres.port}`);
      this.databaseUrls = await createDatabases(this.postgres.adminUrl, databasePasswords(secrets));
      const { urls, databaseUrls, pki } = this;
      const defaults = appEnvironments({ urls, databaseUrls, secrets, pki, redisUrl });
      this.environments = perApp((app) => ({ ...defaults[app], ...environment?.[app] }));
      signal?.throwIfAborted();
      await Promise.all(only.map((app) => this.startApp(app)));
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async kill(app: AppName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.servers.get(app)?.kill(signal);
  }

  async restart(app: AppName, environment?: Environment): Promise<void> {
    await this.servers.get(app)?.stop();
    Object.assign(this.environments[app], environment);
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

  private async startApp(app: AppName): Promise<void> {
    const { log = () => {} } = this.options;
    rmSync(this.logFile(app), { force: true });
    await this.runToEnd(app, 'migrate', 'migrations');
    log(`The ${app}'s database is up to date`);
    if (app === 'provider') {
      await this.runToEnd(app, 'seed', 'demo data');
      log('The demo users and clients exist');
    }
    await this.serve(app);
    log(`The ${app} is ready on ${this.urls[app]}`);
  }

  private async runToEnd(app: AppName, script: string, what: string): Promise<void> {
    await this.spawn(app, script, `${app} (${what})`).finish();
  }

  private async serve(app: AppName): Promise<void> {
    const server = this.spawn(app, 'main', app);
    this.servers.set(app, server);
    await server.untilReady(`${this.urls[app]}/health/ready`, readyTimeout, this.pki?.root);
    void server.exited.then(() => {
      if (server.hasCrashed) this.reportCrash(server.failure());
    });
  }

  private spawn(app: AppName, script: string, name: string): ScriptProcess {
    if (this.isStopping) throw new Error(`${name} is not started, because everything is being stopped`);
    const child = ScriptProcess.start({
      name: `The ${name}`,
      script: join(this.options.root ?? workspace, 'apps', app, 'dist', `${script}.js`),
      environment: this.environments[app],
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

  private logFile(app: AppName): string {
    return join(this.options.directory, 'logs', `${app}.log`);
  }
}
