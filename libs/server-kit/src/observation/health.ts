import type { FastifyInstance } from 'fastify';

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
 * Serves `GET /health/live` (the process answers) and `GET /health/ready` (what it needs answers too: 200 or 503, with
 * the state of each; `degraded` is 200).
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
