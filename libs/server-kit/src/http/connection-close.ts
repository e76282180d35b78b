import type { FastifyInstance } from 'fastify';

/**
 * Adds `Connection: close` to every response of a server that is shutting down (RFC 9112 §9.6). Otherwise a connection that is
 * kept alive would delay the end of the server until the connection times out.
 */
export function closeConnectionsOnShutdown(fastify: FastifyInstance): void {
  let isClosing = false;
  fastify.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) void reply.header('Connection', 'close');
    done(null, payload);
  });
}
