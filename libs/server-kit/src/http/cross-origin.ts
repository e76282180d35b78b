import type { FastifyInstance } from 'fastify';

/** The headers of every response that pages of other origins may read. */
const OPEN = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'WWW-Authenticate, DPoP-Nonce, Retry-After',
};

const METHODS = 'GET, HEAD, POST, PUT, DELETE';

/** Returns the path of a URL, without its query. */
export const pathOf = (url: string): string => {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
};

/**
 * Lets pages of other origins call some paths, without cookies, and answers their preflight requests (Fetch Standard §3.3).
 * Call it before the routes are registered.
 */
export function allowOtherOrigins(fastify: FastifyInstance, isOpen: (path: string) => boolean): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isOpen(pathOf(request.url))) return done();
    void reply.headers(OPEN);
    if (request.method !== 'OPTIONS') return done();
    const {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': headers,
    } = request.headers;
    if (!origin || !method) return void reply.status(400).type('text/plain').send('Invalid preflight request');
    void reply.headers({ 'Access-Control-Allow-Methods': METHODS, Vary: 'Access-Control-Request-Headers' });
    if (headers !== undefined) void reply.header('Access-Control-Allow-Headers', headers);
    void reply.status(204).send();
  });
  // Without a route, Fastify would answer 404 before the browser gets its answer.
  fastify.options('*', (_request, reply) => reply.callNotFound());
}
