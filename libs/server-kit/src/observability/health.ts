import type { FastifyInstance } from 'fastify';

/**
 * A dependency of a server. `check` rejects when the dependency is down, and returns a {@link Degraded} when the server can
 * still answer requests without it for some time.
 */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<unknown>;
}

/** A state that operators should know of, although the server can still answer requests. */
export class Degraded {
  constructor(
    /** One word that `/health/ready` shows, such as `stale`. */
    readonly state: string,
  ) {}
}

const CHECK_MILLISECONDS = 2000;

/**
 * Serves `GET /health/live`, which answers 200 while the process runs, and `GET /health/ready`, which answers with the state
 * of each dependency: 503 when one is down, 200 otherwise, also when one is degraded.
 */
export function serveHealth(fastify: FastifyInstance, checks: readonly HealthCheck[]): void {
  fastify.get('/health/live', () => ({ status: 'up' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const states = await Promise.all(checks.map(async (check) => [check.name, await stateOf(check)] as const));
    const found = states.map(([, state]) => state);
    const status = found.includes('down') ? 'down' : found.every((state) => state === 'up') ? 'up' : 'degraded';
    return reply
      .status(status === 'down' ? 503 : 200)
      .header('Cache-Control', 'no-store')
      .send({ status, checks: Object.fromEntries(states) });
  });
}

async function stateOf(dependency: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_MILLISECONDS);
  });
  try {
    const found = await Promise.race([dependency.check(), timeout]);
    return found instanceof Degraded ? found.state : 'up';
  } catch {
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}
