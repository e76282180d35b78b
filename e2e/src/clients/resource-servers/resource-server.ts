import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from '@trefoil/local-stack';

/** Runs an example of a resource server in a process of its own. */
export class ExampleServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /**
   * Starts a program. It prints `listening` when it is ready.
   *
   * @throws Error when the process ends before.
   */
  static async start(
    [command = '', ...args]: readonly string[],
    settings: Record<string, string>,
  ): Promise<ExampleServer> {
    const port = String(await freePort());
    const child = spawn(command, args, {
      env: { ...process.env, NO_PROXY: '*', ...settings, PORT: port },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const server = new ExampleServer(`http://127.0.0.1:${port}`, child);
    for await (const line of createInterface(child.stdout)) if (line === 'listening') return server;
    throw new Error(`${args.join(' ')} ended before it listened. Its output on stderr says why.`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill();
    await exit;
  }
}
