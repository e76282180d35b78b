import type { FastifyInstance } from 'fastify';
import type { Drain } from '../http/drain.js';

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
 * Serves `GET /health/live` (200 while the process answers) and `GET /health/ready` (200, or 503 when a dependency is down
 * or the server is draining, with the state of each dependency; `degraded` is 200).
 */
export function serveHealth(
  fastify: FastifyInstance,
  checks: readonly HealthCheck[],
  drain: Pick<Drain, 'isDraining'>,
): void {
  fastify.get('/health/live', () => ({ status: 'up' }));
  fastify.get('/health/ready', async (_request, reply) => {
    if (drain.isDraining) return reply.status(503).header('Cache-Control', 'no-store').send({ status: 'draining' });
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
