import type { KeyPair } from '@trefoil/pki';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** A reverse proxy that terminates TLS in front of a server on the loopback interface. */
export class TlsProxy {
  private constructor(private readonly server: https.Server) {}

  /** @param target the port to which requests are forwarded. No server needs to listen there yet. */
  static async start(target: number, { certificate: cert, key }: KeyPair): Promise<TlsProxy> {
    const server = https.createServer({ cert, key }, (request, response) => forward(request, response, target));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    return new TlsProxy(server);
  }

  get url(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** Forwards a request, and appends the address of its sender as reverse proxies do. */
function forward(request: http.IncomingMessage, response: http.ServerResponse, port: number): void {
  const { method, url: path, socket } = request;
  const senders = [request.headers['x-forwarded-for'], socket.remoteAddress].flat().filter(Boolean).join(', ');
  const headers = { ...request.headers, 'x-forwarded-for': senders, 'x-forwarded-proto': 'https' };
  const outgoing = http.request({ host: '127.0.0.1', port, method, path, headers }, (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.headers);
    // A broken stream breaks the other side too, so that no reader takes an incomplete answer for a complete one.
    pipeline(incoming, response, () => undefined);
  });
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  pipeline(request, outgoing, () => undefined);
}
