import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

const BODY = 'This port speaks HTTPS. Use a URL that begins with https://.\n';
const ANSWER = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: text/plain; charset=utf-8',
  `Content-Length: ${Buffer.byteLength(BODY)}`,
  'Connection: close',
  '',
  BODY,
].join('\r\n');

/** The error of OpenSSL for a handshake that begins like a request of plain HTTP. */
const PLAIN_HTTP = 'ERR_SSL_HTTP_REQUEST';

/** Answers plain HTTP requests to a TLS port with 400 and the reason. Otherwise their senders see a broken connection. */
export function answerPlainHttp(server: HttpsServer): void {
  /** The connection below each TLS connection whose handshake is not complete. */
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, { remotePort }: TLSSocket) => {
    if (error.code !== PLAIN_HTTP) return;
    for (const socket of connections) if (socket.remotePort === remotePort) socket.end(ANSWER);
  });
}
