import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { networkOf } from '../admission/network-of.js';

const BODY = 'This port speaks HTTPS. Use a URL that begins with https://.\n';
const PLAIN_HTTP_ANSWER = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: text/plain; charset=utf-8',
  `Content-Length: ${Buffer.byteLength(BODY)}`,
  'Connection: close',
  '',
  BODY,
].join('\r\n');

/** The error of OpenSSL for a handshake that begins like a request of plain HTTP. */
const PLAIN_HTTP = 'ERR_SSL_HTTP_REQUEST';

/** Keeps the connections of a listener whose TLS handshake is not complete, the oldest first. */
export class Handshakes {
  private readonly pending = new Map<string, Socket>();

  /**
   * Bounds the number of handshakes. If there are too many, it closes the oldest of the network that has most of them, so that
   * a sender who completes none uses up its own share first. Answers plain HTTP requests with 400 and the reason, because
   * their senders would see a broken connection otherwise.
   *
   * @param most the maximum number of handshakes at the same time.
   * @param onClosed is called for each handshake that is closed because there are too many.
   */
  constructor(
    server: HttpsServer,
    private readonly most: number,
    private readonly onClosed: () => void,
  ) {
    server.on('connection', (socket: Socket) => this.add(socket));
    server.on('secureConnection', (socket: TLSSocket) => void this.pending.delete(keyOf(socket)));
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      if (error.code === PLAIN_HTTP) this.pending.get(keyOf(socket))?.end(PLAIN_HTTP_ANSWER);
    });
  }

  private add(socket: Socket): void {
    const key = keyOf(socket);
    this.pending.set(key, socket);
    socket.once('close', () => {
      if (this.pending.get(key) === socket) this.pending.delete(key);
    });
    if (this.pending.size <= this.most) return;
    this.onClosed();
    this.oldestOfBusiestNetwork()?.destroy();
  }

  private oldestOfBusiestNetwork(): Socket | undefined {
    const networks = new Map<string, Socket[]>();
    for (const socket of this.pending.values()) {
      if (socket.destroyed) continue;
      const network = networkOf(socket.remoteAddress ?? '');
      const sockets = networks.get(network);
      if (sockets) sockets.push(socket);
      else networks.set(network, [socket]);
    }
    const [busiest] = [...networks.values()].sort((a, b) => b.length - a.length);
    return busiest?.[0];
  }
}

/** Returns the address and port from which a connection comes. They are the same for a TLS connection and the one below it. */
const keyOf = ({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string =>
  `${remoteAddress} ${remotePort}`;
