import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../errors/problem-error.js';
import { pathOf } from './cross-origin.js';
import { onResponseClose } from './incomplete-responses.js';

/** Balancers and Prometheus must still see a server that is overloaded. */
const ALWAYS_ANSWERED = /^\/(health\/(live|ready)|metrics)$/;

/** Refuses a request because the replica has too much to do: 503 with `Retry-After` (RFC 9110 §15.6.4). */
export class OverloadedError extends ProblemError {
  override readonly name = 'OverloadedError';

  constructor() {
    super(503, 'Service Unavailable', {
      detail: 'The server has too many requests at the moment. Try again in a second.',
      headers: { 'Retry-After': '1' },
    });
  }
}

/**
 * Refuses requests beyond a number of open ones. Above its capacity a server would otherwise answer all of them late, and
 * do the work of those whose clients have given up. Call it before other hooks, so that a refusal costs little.
 */
export function shedLoad(fastify: FastifyInstance, most: number): void {
  let open = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (open >= most && !ALWAYS_ANSWERED.test(pathOf(request.url))) return done(new OverloadedError());
    open += 1;
    onResponseClose(reply.raw, () => (open -= 1));
    done();
  });
}
