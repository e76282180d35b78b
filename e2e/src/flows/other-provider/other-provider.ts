import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// The TypeScript compiler does not copy JavaScript files to dist.
const script = fileURLToPath(new URL('../../../src/flows/other-provider/provider.mjs', import.meta.url));

/** Where node-oidc-provider listens, and the servers that use it. */
export interface OtherProviderOptions {
  readonly port: number;
  readonly frontendUrl: string;
  readonly backendUrl: string;
}

/** Runs node-oidc-provider in a process of its own: `url` issues opaque tokens, and `url/tenant/` JWTs. */
export class OtherProvider {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** @throws Error when the process ends before it listens. */
  static async start({ port, frontendUrl, backendUrl }: OtherProviderOptions): Promise<OtherProvider> {
    const environment = { PORT: String(port), FRONTEND_URL: frontendUrl, BACKEND_URL: backendUrl };
    const child = spawn(process.execPath, ['--no-warnings', script], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // It warns about the parts that are for development only.
    let messages = '';
    child.stderr.on('data', (data: Buffer) => (messages += data.toString()));
    const provider = new OtherProvider(`http://localhost:${port}`, child);
    for await (const line of createInterface(child.stdout)) if (line === 'listening') return provider;
    throw new Error(`${script} ended before it listened:\n${messages}`);
  }

  /** Ends every grant, as an administrator of the provider would. */
  async endGrants(): Promise<void> {
    const { status } = await fetch(`${this.url}/end-grants`, { method: 'POST' });
    if (status !== 200) throw new Error(`the grants were not ended: ${status}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill();
    await exit;
  }
}
