import type { FastifyInstance } from 'fastify';

/** Something a server needs in order to serve; `check` rejects when it is not there. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<unknown>;
}

const CHECK_MILLISECONDS = 2000;

/**
 * Serves `GET /health/live` (the process answers) and `GET /health/ready` (what it needs answers too: 200 or 503, with
 * the state of each).
 */
export function serveHealth(fastify: FastifyInstance, checks: readonly HealthCheck[]): void {
  fastify.get('/health/live', () => ({ status: 'up' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const states = await Promise.all(checks.map(async (check) => [check.name, await stateOf(check)] as const));
    const up = states.every(([, state]) => state === 'up');
    return reply
      .status(up ? 200 : 503)
      .header('Cache-Control', 'no-store')
      .send({ status: up ? 'up' : 'down', checks: Object.fromEntries(states) });
  });
}

async function stateOf(needed: HealthCheck): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_MILLISECONDS);
  });
  try {
    await Promise.race([needed.check(), tooLate]);
    return 'up';
  } catch {
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}
