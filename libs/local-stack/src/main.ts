import { join, relative } from 'node:path';
import { ChildProcessError } from './processes/script-process.js';
import { parseCommandLine, UsageError } from './command-line.js';
import { greeting } from './greeting.js';
import { mtlsPortsFrom, portsFrom } from './ports/ports.js';
import { resetInstallation } from './installation/reset-installation.js';
import { startStack } from './stack/stack.js';
import { workspace, workspaceApps } from './apps.js';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The handler stays while everything stops, so that a second Ctrl-C has no effect.
  process.on(signal, () => interrupted.abort());
}
// A closed terminal accepts no more output. The servers must be stopped all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const directory = join(workspace, '.local');

try {
  await run();
} catch (error) {
  if (!interrupted.signal.aborted) {
    console.error(`\n${explain(error)}`);
    process.exitCode = 1;
  }
}
if (interrupted.signal.aborted) console.log('Everything has stopped.');
// Exits without waiting for open connections to close.
process.exit();

async function run(): Promise<void> {
  const { apps } = workspaceApps();
  const names = apps.map(({ name }) => name);
  const { reset, https, only } = parseCommandLine(process.argv.slice(2), names);
  const ports = portsFrom(process.env, apps);
  const mtlsPorts = mtlsPortsFrom(process.env, apps, ports);
  if (reset) {
    await resetInstallation(directory);
    progress('Deleted the data, secrets and logs of earlier runs');
  }
  const { signal } = interrupted;
  const stack = await startStack({ directory, ports, mtlsPorts, https, only, log: progress, signal });
  try {
    const running = apps.filter(({ name }) => only.includes(name));
    console.log(greeting(stack, running, relative(process.cwd(), join(directory, 'logs')) || directory));
    await Promise.race([stack.crashed, aborted(signal)]);
    console.log('\nStopping everything...');
  } finally {
    await stack.stop();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Prints a step after the seconds since this process started, which include an installation or a build. */
function progress(line: string): void {
  const seconds = (performance.now() / 1000).toFixed(1);
  console.log(`${seconds.padStart(6)}s  ${line}`);
}

/** Returns the message for an error: one or two sentences without a stack trace. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof ChildProcessError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `${error.message}\nAnother user, perhaps root, started Trefoil here before. Delete ${directory} as that user, or start Trefoil as that user.`;
  }
  return error.cause instanceof Error ? `${error.message}\n(${error.cause.message})` : error.message;
}
