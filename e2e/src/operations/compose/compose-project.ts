import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Container } from './container.js';

const checkout = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Whether the tests of docker compose run: they are wanted, because they build images and pull others from a registry, and a
 * Docker engine answers.
 */
export const hasDockerEngine =
  process.env.TEST_COMPOSE === 'true' &&
  spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0 &&
  spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0;

if (process.env.TEST_COMPOSE === 'true' && !hasDockerEngine)
  process.stderr.write('The tests of docker compose are skipped: no Docker engine with Compose answers.\n');

/** The exit code of a compose command and its output. */
export interface ComposeResult {
  readonly exitCode: number;
  readonly out: string;
  readonly errors: string;
}

/** A compose project of this checkout with a name and volumes of its own. */
export class ComposeProject {
  /**
   * @param name the name of the project.
   * @param files the compose files, relative to the checkout.
   * @param environment the variables that the files read. COMPOSE_PROFILES comes from the file `.env`, as for a user.
   */
  constructor(
    private readonly name: string,
    private readonly files: readonly string[],
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Runs a command of compose, with `input` as its standard input. */
  async run(args: readonly string[], { input, ...more }: Record<string, string> = {}): Promise<ComposeResult> {
    const files = this.files.flatMap((file) => ['-f', file]);
    const { PATH, HOME, DOCKER_HOST, DOCKER_CONFIG, NODE_IMAGE, POSTGRES_IMAGE, REDIS_IMAGE, NGINX_IMAGE } =
      process.env;
    const images = { NODE_IMAGE, POSTGRES_IMAGE, REDIS_IMAGE, NGINX_IMAGE };
    const child = spawn('docker', ['compose', '-p', this.name, ...files, ...args], {
      cwd: checkout,
      env: { PATH, HOME, DOCKER_HOST, DOCKER_CONFIG, ...images, ...this.environment, ...more },
    });
    child.stdin.end(input ?? '');
    const collect = async (stream: AsyncIterable<Buffer>) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return Buffer.concat(chunks).toString('latin1');
    };
    const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
    const [out, errors, exitCode] = await Promise.all([collect(child.stdout), collect(child.stderr), ended]);
    return { exitCode, out, errors };
  }

  /** Runs a command of compose that must succeed. Returns what it wrote to standard output. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { exitCode, out, errors } = await this.run(args);
    if (exitCode === 0) return out;
    const logs = args[0] === 'up' ? (await this.run(['logs', '--tail', '20'])).out : '';
    throw new Error(`docker compose ${args.join(' ')} ended with ${exitCode}:\n${errors}\n${out}\n${logs}`);
  }

  /** Starts everything and waits until it is healthy. Builds the image when the sources have changed. */
  up(): Promise<string> {
    return this.succeed('up', '--wait', '--build', '--quiet-pull');
  }

  /** Copies a file out of a container of a service. */
  async copy(service: string, path: string, to: string): Promise<void> {
    await this.succeed('cp', `${service}:${path}`, to);
  }

  /** Returns the containers of a service that runs, one for each replica. */
  async containers(service: string): Promise<Container[]> {
    const ids = (await this.succeed('ps', '--quiet', service)).trim().split('\n');
    return ids.map((id) => new Container(id, service));
  }

  /** Deletes one volume of the stopped project, as the loss of a disk would. */
  async dropVolume(volume: string): Promise<void> {
    const { status, stderr } = spawnSync('docker', ['volume', 'rm', `${this.name}_${volume}`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }

  /** Stops everything and deletes the volumes. */
  async down(): Promise<void> {
    await this.succeed('--profile', '*', 'down', '--volumes', '--timeout', '1');
  }
}
