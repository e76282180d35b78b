import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];

/** Ends the servers made since the last call. */
export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}

/** A server on loopback whose routes are named `GET /path`; answers with its address. */
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

/** Answers with a page. */
export const html =
  (content: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(content);

/** Answers with a redirect. */
export const redirect =
  (status: number, location: string): Handler =>
  (_request, response) =>
    response.writeHead(status, { location }).end();

/** Answers with what was asked, as JSON. */
export const echo: Handler = (request, response, body) =>
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));

/** What {@link echo} answers. */
export interface Echoed {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}
