import { execFile } from 'node:child_process';
import { waitUntil } from '@trefoil/local-stack';

/** The users of servers that do not serve as the user of their image. */
const SERVING_USERS: Readonly<Record<string, string>> = { redis: 'redis' };

/** A container of a compose project. */
export class Container {
  constructor(
    private readonly id: string,
    readonly service: string,
  ) {}

  /** Ends every process of the container at once, as a crash does. The engine starts it again. */
  async crash(): Promise<void> {
    const user = SERVING_USERS[this.service];
    // Signals from inside, because the engine does not restart a container that it has killed itself.
    await docker('exec', ...(user ? ['-u', user] : []), this.id, 'sh', '-c', 'kill -9 -1');
  }

  /** Resolves when the container runs again after a crash and is healthy. */
  async untilRestarted(restarts: number): Promise<void> {
    const format = '{{.RestartCount}} {{.State.Health.Status}}';
    const isBack = async () => {
      const [count = '', health] = (await docker('inspect', '-f', format, this.id)).trim().split(' ');
      return Number(count) > restarts && health === 'healthy';
    };
    if (!(await waitUntil(isBack, { timeout: 120_000, every: 250 })))
      throw new Error(`The container of ${this.service} is not healthy two minutes after its crash.`);
  }

  /** Returns how often the engine has started the container again. */
  async restarts(): Promise<number> {
    return Number(await docker('inspect', '-f', '{{.RestartCount}}', this.id));
  }

  /** Returns how many requests a server has answered since it started, without those for its health and metrics. */
  async answeredRequests(): Promise<number> {
    const script = "fetch('https://localhost:'+process.env.PORT+'/metrics').then(r=>r.text()).then(console.log)";
    const metrics = await docker('exec', this.id, 'node', '-e', script);
    return [...metrics.matchAll(/^http_request_duration_seconds_count\{(.*)\} (\d+)$/gm)]
      .filter(([, labels = '']) => !/route="\/(health|metrics)/.test(labels))
      .reduce((sum, [, , count]) => sum + Number(count), 0);
  }
}

/** Runs a command of docker. Returns what it wrote to standard output, also when it was killed with the container. */
function docker(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) =>
    execFile('docker', args, (error, out, errors) =>
      error && args[0] !== 'exec' ? reject(new Error(errors, { cause: error })) : resolve(out),
    ),
  );
}
