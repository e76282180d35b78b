import type { FastifyInstance } from 'fastify';
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';

/**
 * Aborts a response whose headers were sent, with a TCP reset. HTTP/1.0 marks the end of a body by closing the connection
 * (RFC 9112 §6.3), so its reader, or a proxy in between, would take a response that is closed normally for a complete one.
 * Node cannot reset a TLS connection; it is closed.
 */
export function resetResponse(response: ServerResponse): void {
  const { socket } = response;
  if (socket instanceof Socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
  else response.destroy();
}

/** Resets each response whose stream fails, or is destroyed, before its end. */
export function resetIncompleteResponses(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (payload instanceof Readable) {
      // Runs before the listeners of Fastify, which close the connection normally.
      const reset = () => {
        if (reply.raw.headersSent && !payload.readableEnded) resetResponse(reply.raw);
      };
      payload.once('error', reset).once('close', reset);
    }
    done(null, payload);
  });
}

/** The listeners for the end of each connection. They share one listener, because clients may pipeline many requests. */
const listenersOf = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls a listener once, when a response is complete or its connection is closed. The response to a pipelined request has
 * no `close` event when the connection is closed before its turn.
 */
export function onResponseClose(response: ServerResponse, listener: () => void): void {
  const { socket } = response.req;
  if (response.closed || socket.destroyed) return listener();
  const listeners = listenersOf.get(socket) ?? new Set();
  if (!listenersOf.has(socket)) {
    listenersOf.set(socket, listeners);
    socket.once('close', () => listeners.forEach((settle) => settle()));
  }
  const settle = () => {
    if (listeners.delete(settle)) listener();
  };
  listeners.add(settle);
  response.once('close', settle);
}
