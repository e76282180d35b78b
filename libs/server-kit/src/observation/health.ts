import type { FastifyInstance } from 'fastify';
import type { Drain } from '../http/drain.js';

/**
 * Something a server needs in order to serve. `check` rejects when it is not there, and gives a {@link Degraded} when the
 * server can do without it for the time being.
 */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<unknown>;
}

/** The state of what is not as it should be, and yet no reason to send requests elsewhere. */
export class Degraded {
  constructor(
    /** One word for it. */
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

async function stateOf(needed: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_MILLISECONDS);
  });
  try {
    const found = await Promise.race([needed.check(), tooLate]);
    return found instanceof Degraded ? found.state : 'up';
  } catch {
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}
