import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';

/** Milliseconds that one statement may take. */
export const STATEMENT_MILLISECONDS = 2000;

/** Milliseconds after which a request that waits for the database is given up: waiting for a connection included. */
const REQUEST_MILLISECONDS = 2200;

/** The time of a request, until its response begins. */
interface RequestTime {
  endsAt: number | undefined;
}

const TIME = Symbol('time');

type TimedRequest = FastifyRequest & { [TIME]?: RequestTime | null };

const requestTime = new AsyncLocalStorage<RequestTime>();

/** Measures the time of each request until its response begins, for {@link timeLeft}. */
export function measureRequestTime(fastify: FastifyInstance): void {
  fastify.decorateRequest(TIME, null);
  fastify.addHook('onRequest', (request: TimedRequest, _reply, done) => {
    const time = { endsAt: performance.now() + REQUEST_MILLISECONDS };
    request[TIME] = time;
    requestTime.run(time, done);
  });
  fastify.addHook('onSend', (request: TimedRequest, _reply, payload, done) => {
    if (request[TIME]) request[TIME].endsAt = undefined;
    done(null, payload);
  });
}

/**
 * Returns the milliseconds that the next statement may take. A request that has waited for a connection has less left, so
 * that a database that hangs is answered with 503 within 2.5 s. Outside of requests, and once the response has begun as in
 * a stream, each statement has its full time.
 */
export function timeLeft(): number {
  const endsAt = requestTime.getStore()?.endsAt;
  const left = endsAt === undefined ? 0 : Math.ceil(endsAt - performance.now());
  return left > 0 ? Math.min(left, STATEMENT_MILLISECONDS) : STATEMENT_MILLISECONDS;
}
