import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort, waitUntil } from '@trefoil/local-stack';

/** A server that runs as a process of its own. */
export interface ScriptServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a script of this package with a free `PORT` and waits until it listens.
 *
 * @param script the path of the compiled script, relative to `dist`.
 */
export async function startScript(script: string, environment: Record<string, string>): Promise<ScriptServer> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../${script}`, import.meta.url))], {
    env: { ...process.env, NODE_ENV: 'production', ...environment, PORT: String(port) },
    // The script ends when its standard input does, also when this process is killed.
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const answers = () =>
    fetch(url).then(
      () => true,
      () => child.exitCode !== null,
    );
  if (!(await waitUntil(answers, { timeout: 30_000 })) || child.exitCode !== null) {
    child.kill();
    throw new Error(`${script} did not start.`);
  }
  return { url, pid: child.pid ?? 0, stop: () => end(child) };
}

function end(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return ended;
}
