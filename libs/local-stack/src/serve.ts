import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { App } from '@trefoil/app-registry';
import { workspace, workspaceApps } from './apps.js';
import { createDatabases } from './postgres/databases.js';
import { startPostgres } from './postgres/embedded-postgres.js';
import { ensureCertificates } from './installation/certificates.js';
import { appEnvironments, type Environment } from './installation/environment.js';
import { assertPortsFree, localMtlsUrls, localUrls, mtlsPortsFrom, portsFrom } from './ports/ports.js';
import { preparationsOf } from './stack/preparations.js';
import { RunRecord } from './processes/run-record.js';
import { databasePasswords, loadSecrets } from './installation/secrets.js';

const directory = join(workspace, '.local');

/** Runs one app with its log in the terminal, and restarts it after every change that compiles, until it is interrupted. */
export async function serve(name: string | undefined): Promise<void> {
  const registry = workspaceApps();
  const { apps, product } = registry;
  const served = apps.find((app) => app.name === name);
  if (!served) throw new Error(`Usage: npx nx serve ${apps.map((app) => app.name).join('|')}`);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const ports = portsFrom(process.env, apps);
  const record = await RunRecord.open(join(directory, `serve-${served.name}.json`), console.log);
  const mtlsPorts = mtlsPortsFrom(process.env, apps, ports);
  await assertPortsFree(ports, [served.name], mtlsPorts);
  const pki = await ensureCertificates(directory, apps);
  const secrets = loadSecrets(join(directory, 'secrets.json'), apps);
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), log: console.log });
  const app = new ServedApp(served, record);
  try {
    const databaseUrls = await createDatabases(postgres.adminUrl, databasePasswords(secrets, apps), product);
    const [urls, mtlsUrls] = [localUrls(ports), localMtlsUrls(mtlsPorts)];
    const environments = appEnvironments({ registry, urls, databaseUrls, secrets, pki, mtlsUrls });
    app.environment = environments[served.name] ?? {};
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
    private readonly app: App,
    private readonly record: RunRecord,
  ) {}

  /** Starts the compiler in watch mode. Each build without errors restarts the app. */
  restartOnBuild(): ChildProcess {
    const compiler = spawn(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '-b', `apps/${this.app.name}`, '--watch', '--preserveWatchOutput'],
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
    for (const step of [...preparationsOf(this.app), 'main']) {
      if (this.isEnding) return;
      const child = this.run(step);
      // The last step is the server, which keeps running. If an earlier step fails, the next build tries again.
      if (step !== 'main' && (await exitCode(child)) !== 0) return;
    }
  }

  private run(script: string): ChildProcess {
    const child = spawn(process.execPath, ['--enable-source-maps', `apps/${this.app.name}/dist/${script}.js`], {
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
