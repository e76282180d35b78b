import type { FastifyInstance } from 'fastify';
import { closeUnusedConnections } from './unused-connections.js';

/** Whether a server still takes new work. */
export interface Drain {
  readonly isDraining: boolean;
  /** Ends readiness and keep-alive; requests are still answered. */
  begin(): void;
}

/**
 * Lets a server leave without a failed request. While it drains, `/health/ready` answers 503 and every answer closes its
 * connection (`Connection: close`, RFC 9112 §9.6), so that balancers and clients connect elsewhere. Closing the server
 * begins it too: a kept connection would hold the server open until it times out.
 */
export function drainOf(fastify: FastifyInstance): Drain {
  let isDraining = false;
  const drain: Drain = {
    get isDraining() {
      return isDraining;
    },
    begin: () => void (isDraining = true),
  };
  fastify.addHook('preClose', (done) => {
    drain.begin();
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (isDraining) void reply.header('Connection', 'close');
    done(null, payload);
  });
  // The headers of a response that began earlier, such as a stream, do not tell the client to close the connection.
  fastify.addHook('onResponse', (request, _reply, done) => {
    if (isDraining) request.raw.socket.end();
    done();
  });
  closeUnusedConnections(fastify);
  return drain;
}
