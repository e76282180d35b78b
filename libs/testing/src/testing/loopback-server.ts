import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Handles one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];

/** Closes all servers that were started since the last call. */
export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}

/** Starts a server on loopback and returns its origin. The keys of `routes` are of the form `GET /path`. */
export async function serve(routes: Record<string, Handler>, host = 'localhost'): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const handler = routes[`${request.method} ${(request.url ?? '').split('?')[0]}`];
      if (handler) handler(request, response, body);
      else response.writeHead(404).end();
    });
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** Returns a handler that responds with a page. */
export const html =
  (content: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(content);

/** Returns a handler that responds with a redirect. */
export const redirect =
  (status: number, location: string): Handler =>
  (_request, response) =>
    response.writeHead(status, { location }).end();

/** Responds with the request as JSON. */
export const echo: Handler = (request, response, body) =>
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));

/** The response of {@link echo}. */
export interface Echoed {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}
