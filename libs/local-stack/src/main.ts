import { join, relative } from 'node:path';
import { ChildProcessError } from './child-processes.js';
import { parseCommandLine, UsageError } from './command-line.js';
import { greeting } from './greeting.js';
import { portsFrom } from './ports.js';
import { resetInstallation } from './reset.js';
import { startStack } from './stack.js';
import { workspace } from './workspace.js';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Stays in place while things end: a second Ctrl-C changes nothing.
  process.on(signal, () => interrupted.abort());
}
// A terminal that was closed takes no more output; that is no reason to leave without ending the others.
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
if (interrupted.signal.aborted) console.log('Everything has ended.');
// Whatever still holds the event loop open (a connection being closed) is not worth waiting for.
process.exit();

async function run(): Promise<void> {
  const { reset, only } = parseCommandLine(process.argv.slice(2));
  const ports = portsFrom(process.env);
  if (reset) {
    await resetInstallation(directory);
    progress('Removed the data, secrets and logs of before');
  }
  const { signal } = interrupted;
  const stack = await startStack({ directory, ports, only, log: progress, signal });
  try {
    console.log(greeting(stack.urls, only, relative(process.cwd(), join(directory, 'logs')) || directory));
    await Promise.race([stack.crashed, aborted(signal)]);
    console.log('\nEnding everything...');
  } finally {
    await stack.stop();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** One line a step, after the seconds since this process began (an installation or a build may have come first). */
function progress(line: string): void {
  const seconds = (performance.now() / 1000).toFixed(1);
  console.log(`${seconds.padStart(6)}s  ${line}`);
}

/** A person's mistake or the machine's state needs a sentence; only what nobody foresaw needs a stack trace. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof ChildProcessError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `${error.message}\nAnother user (root?) started Trefoil here before: remove ${directory} as that user, or start it as that user.`;
  }
  return error.cause instanceof Error ? `${error.message}\n(${error.cause.message})` : error.message;
}
