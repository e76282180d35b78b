import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** A request with its complete body. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A status with an optional JSON body or stream and headers, or `broken` to close the connection without an answer. */
export type Answer = [status: number, body?: object, headers?: Record<string, string>] | 'broken';

/** A small server on a loopback port, which tests can stop and start again. */
export abstract class LoopbackServer {
  /** The requests so far, such as `POST /token`. */
  readonly requests: string[] = [];
  private readonly server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const url = new URL(request.url ?? '/', this.url);
      const method = request.method ?? 'GET';
      this.requests.push(`${method} ${url.pathname}`);
      const answer = await this.answer({ method, url, headers: request.headers, body });
      if (answer === 'broken') return void response.destroy();
      const [status, json, headers] = answer;
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      if (json instanceof Readable) pipeline(json, response, () => undefined);
      else response.end(json && JSON.stringify(json));
    });
  });
  private port = 0;

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Returns how often a request was received. */
  count(request: string): number {
    return this.requests.filter((seen) => seen === request).length;
  }

  /** Listens on a free port. After {@link stop} it listens on the same port again. */
  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.port, 'localhost', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  protected abstract answer(request: Received): Answer | Promise<Answer>;
}
