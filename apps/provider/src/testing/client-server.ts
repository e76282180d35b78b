import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The web server of a client, on the loopback interface. */
export interface ClientServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** The requests that it has received. */
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[];
  stop(): Promise<void>;
}

/** Starts the server of a client. Name its origin in `OUTBOUND_ALLOWED_ORIGINS`, or the provider does not call it. */
export async function startClientServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ClientServer> {
  const requests: ClientServer['requests'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { origin: `http://127.0.0.1:${port}`, requests, stop };
}

/** Sends a response with status 200 and a JSON body. */
export function sendJson(response: ServerResponse, json: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
}
