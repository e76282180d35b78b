import { freePort, makeTemporaryDirectory, RunRecord, removeTemporaryDirectory, waitUntil } from '@trefoil/local-stack';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../examples/gateway/dist/main.js', import.meta.url));
const usualPaths = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'];

/** Returns whether the gateway can run on this machine. */
export const hasNginx = (): boolean => [process.env.NGINX_PATH ?? usualPaths].flat().some((path) => existsSync(path));

/** A request to the gateway. */
export interface GatewayRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The app of the development PKI whose client certificate is presented. */
  readonly certificateOf?: string | undefined;
  /** The paths of a certificate of another PKI. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** An answer of the gateway. */
export interface GatewayAnswer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** The `WWW-Authenticate` headers, one on each line. */
  readonly challenge: string;
  readonly body: string;
}

/** The example gateway, with the certificates of a development PKI. */
export class Gateway {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly certificates: string,
    readonly port: number,
    private readonly record: RunRecord,
  ) {}

  /**
   * Prepares a gateway, which does not run yet.
   *
   * @param certificates the folder of the PKI.
   */
  static async prepare(certificates: string): Promise<Gateway> {
    const directory = await makeTemporaryDirectory();
    const record = await RunRecord.open(join(directory, 'run.json'), () => {});
    return new Gateway(directory, certificates, await freePort(), record);
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  /** The path of a file of the PKI. */
  pki(name: string): string {
    return join(this.certificates, name);
  }

  /** Starts the program of the example in front of a provider and a backend. */
  async start(provider: string, backend: string): Promise<void> {
    const [tokenCheck, api] = [await freePort(), await freePort()];
    const log = openSync(join(this.directory, 'gateway.log'), 'w', 0o600);
    const env = {
      ...process.env,
      ISSUER: provider,
      BACKEND_URL: backend,
      GATEWAY_PORT: String(this.port),
      TOKEN_CHECK_PORT: String(tokenCheck),
      API_PORT: String(api),
      PKI: this.certificates,
      GATEWAY_DIRECTORY: join(this.directory, 'nginx'),
    };
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.child = child;
    this.record.add(child.pid ?? 0);
    const isReady = async () => child.exitCode !== null || (await this.send('/').catch(() => undefined)) !== undefined;
    await waitUntil(isReady, { timeout: 20_000, every: 100 });
    if (child.exitCode !== null) throw new Error(readFileSync(join(this.directory, 'gateway.log'), 'utf8'));
  }

  /** Sends a request to the gateway, on a connection of its own. */
  send(
    path: string,
    { method, headers, body, certificateOf: app, certificate }: GatewayRequest = {},
  ): Promise<GatewayAnswer> {
    const paths = app ? { cert: this.pki(`${app}/client.pem`), key: this.pki(`${app}/client.key`) } : certificate;
    const credentials = paths && { cert: readFileSync(paths.cert), key: readFileSync(paths.key) };
    return new Promise((resolve, reject) => {
      const options = { method, headers, ca: readFileSync(this.pki('root.pem')), agent: false, ...credentials };
      const sent = request(`${this.url}${path}`, options, (answer) => {
        const { statusCode: status, headers: received, headersDistinct } = answer;
        const challenge = (headersDistinct['www-authenticate'] ?? []).join('\n');
        text(answer).then((content) => resolve({ status, headers: received, challenge, body: content }), reject);
      });
      sent.on('error', reject).end(body);
    });
  }

  async stop(): Promise<void> {
    if (this.child?.exitCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exit;
    }
    this.record.close();
    removeTemporaryDirectory(this.directory);
  }
}
