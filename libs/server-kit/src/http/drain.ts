import type { FastifyInstance } from 'fastify';

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
  return drain;
}
