import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Closes each connection that no request arrived on when the server closes, and those whose request is still incomplete
 * after the time limit of a request. Node stops its own time limits then, and waits for such connections forever.
 *
 * @param server the listener with the connections, when it is not the first one of the server.
 */
export function closeUnusedConnections(fastify: FastifyInstance, server: HttpServer = fastify.server): void {
  /** The newest request of each open connection. */
  const requests = new Map<Socket, IncomingMessage | undefined>();
  let isClosing = false;
  // The requests of HTTPS arrive on sockets of their own. Connections before them are bounded by the time of a handshake.
  server.on(server instanceof HttpsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (isClosing) return void socket.destroy();
    requests.set(socket, undefined);
    socket.once('close', () => requests.delete(socket));
  });
  server.on('request', (request: IncomingMessage) => void requests.set(request.socket, request));
  fastify.addHook('preClose', (done) => {
    isClosing = true;
    for (const [socket, request] of requests) {
      if (request === undefined) socket.destroy();
      else setTimeout(() => request.complete || socket.destroy(), server.requestTimeout).unref();
    }
    done();
  });
}
