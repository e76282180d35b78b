import type { FastifyInstance } from 'fastify';

/**
 * Has a server that is closing say so in its last answers (`Connection: close`, RFC 9112 §9.6): a connection that is kept
 * alive after its request would hold the server open until it times out.
 */
export function closeAfterLastAnswers(fastify: FastifyInstance): void {
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
