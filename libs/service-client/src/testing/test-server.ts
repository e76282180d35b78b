import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a test server received. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A response of a test server. `undefined` sends no response, `hang up` closes the connection. */
export type Answer = { status?: number; headers?: Record<string, string>; body?: unknown } | 'hang up' | undefined;

/** A real HTTP server on loopback, which records requests and sends the responses of a test. */
export class TestServer {
  readonly requests: ReceivedRequest[] = [];
  answer: (request: ReceivedRequest) => Answer | Promise<Answer> = () => ({ status: 404 });
  private readonly server = createServer((request, response) => void this.handle(request, response));

  static async start(): Promise<TestServer> {
    const started = new TestServer();
    await new Promise<void>((resolve) => started.server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
    this.requests.push(received);
    const answer = await this.answer(received);
    if (answer === 'hang up') return void request.socket.destroy();
    if (!answer) return;
    const text =
      typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers }).end(text);
  }
}
