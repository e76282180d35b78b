import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy in front of a server, which can lose answers: it cuts the connection after the server has answered. */
export class ForgetfulProxy {
  /** The port of the server. */
  target = 0;
  /** The number of next answers to lose. */
  losses = 0;
  /** The statuses that the server has answered POST requests with, lost or not. */
  readonly posts: number[] = [];
  private readonly server = createServer((incoming, outgoing) => void this.pass(incoming, outgoing));

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Starts to listen on loopback. */
  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, 'localhost', resolve));
    return this;
  }

  /** Stops the proxy and closes its connections. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url, headers } = incoming;
    const body = await buffer(incoming);
    const sent = request({ host: 'localhost', port: this.target, path: url, method, headers }, (answer) => {
      const status = answer.statusCode ?? 502;
      if (method === 'POST') this.posts.push(status);
      if (method === 'POST' && this.losses-- > 0) {
        // The server has answered completely before the connection is cut.
        void buffer(answer).then(() => outgoing.destroy());
        return;
      }
      outgoing.writeHead(status, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy()).end(body);
  }
}
