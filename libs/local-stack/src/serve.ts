import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AppName, isAppName, workspace } from './apps.js';
import { createDatabases } from './postgres/databases.js';
import { startPostgres } from './postgres/embedded-postgres.js';
import { appEnvironments, type Environment } from './installation/environment.js';
import { assertPortsFree, localUrls, portsFrom } from './ports/ports.js';
import { RunRecord } from './processes/run-record.js';
import { databasePasswords, loadSecrets } from './installation/secrets.js';

const directory = join(workspace, '.local');

/** Runs one app with its log in the terminal, and restarts it after every change that compiles, until it is interrupted. */
export async function serve(name: string | undefined): Promise<void> {
  if (!name || !isAppName(name)) throw new Error('Usage: npx nx serve provider|backend|frontend');
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const ports = portsFrom(process.env);
  const record = await RunRecord.open(join(directory, `serve-${name}.json`), console.log);
  await assertPortsFree(ports, [name]);
  const secrets = loadSecrets(join(directory, 'secrets.json'));
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), log: console.log });
  const app = new ServedApp(name, record);
  try {
    const databaseUrls = await createDatabases(postgres.adminUrl, databasePasswords(secrets));
    app.environment = appEnvironments({ urls: localUrls(ports), databaseUrls, secrets })[name];
    const compiler = app.restartOnBuild();
    await Promise.race([interrupted, postgres.ended, once(compiler, 'exit')]);
    compiler.kill();
  } finally {
    await app.end();
    await postgres.stop();
    record.close();
  }
}

class ServedApp {
  environment: Environment = {};
  private running: ChildProcess | undefined;
  private queue: Promise<void> = Promise.resolve();
  private isEnding = false;

  constructor(
    private readonly name: AppName,
    private readonly record: RunRecord,
  ) {}

  /** Starts the compiler in watch mode. Each build without errors restarts the app. */
  restartOnBuild(): ChildProcess {
    const compiler = spawn(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '-b', `apps/${this.name}`, '--watch', '--preserveWatchOutput'],
      { cwd: workspace, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.record.add(compiler.pid ?? 0);
    createInterface({ input: compiler.stdout }).on('line', (line) => {
      if (line) console.log(line);
      if (line.includes('Found 0 errors.')) this.queue = this.queue.then(() => this.restart());
    });
    return compiler;
  }

  /** Stops the app, and prevents further restarts. */
  async end(): Promise<void> {
    this.isEnding = true;
    await this.endRunning();
    await this.queue;
  }

  private async restart(): Promise<void> {
    await this.endRunning();
    const steps = this.name === 'provider' ? ['migrate', 'seed', 'main'] : ['migrate', 'main'];
    for (const step of steps) {
      if (this.isEnding) return;
      const child = this.run(step);
      // The last step is the server, which keeps running. If an earlier step fails, the next build tries again.
      if (step !== 'main' && (await exitCode(child)) !== 0) return;
    }
  }

  private run(script: string): ChildProcess {
    const child = spawn(process.execPath, ['--enable-source-maps', `apps/${this.name}/dist/${script}.js`], {
      cwd: workspace,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    this.running = child;
    this.record.add(child.pid ?? 0);
    return child;
  }

  private async endRunning(): Promise<void> {
    const child = this.running;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const killTimer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.kill('SIGTERM');
    await once(child, 'exit');
    clearTimeout(killTimer);
  }
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
