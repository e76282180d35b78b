import type { FastifyInstance } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';

/** Milliseconds that one statement may take. */
export const STATEMENT_MILLISECONDS = 2000;

/** Milliseconds after which a request that waits for the database is given up: waiting for a connection included. */
const REQUEST_MILLISECONDS = 2200;

const requestTime = new AsyncLocalStorage<{ readonly endsAt: number }>();

/** Measures the time of each request, for {@link timeLeft}. */
export function measureRequestTime(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (_request, _reply, done) => {
    requestTime.run({ endsAt: performance.now() + REQUEST_MILLISECONDS }, done);
  });
}

/**
 * Returns the milliseconds that the next statement may take. A request that has waited for a connection has less left, so
 * that a database that hangs is answered with 503 within 2.5 s. Outside of requests, and in streams that go on for longer,
 * each statement has its full time.
 */
export function timeLeft(): number {
  const endsAt = requestTime.getStore()?.endsAt;
  const left = endsAt === undefined ? 0 : Math.ceil(endsAt - performance.now());
  return left > 0 ? Math.min(left, STATEMENT_MILLISECONDS) : STATEMENT_MILLISECONDS;
}
