import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one request of a server of a small installation. */
export type Reply = (request: IncomingMessage, response: ServerResponse) => void;

/** The replies of a server by `GET /path`. */
export type Routes = Readonly<Record<string, Reply>>;

/** Returns a reply with a JSON body. */
export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Returns a reply with a page that is protected as pages must be. */
export const page =
  (status: number, text: string, headers: Readonly<Record<string, string | string[]>> = {}): Reply =>
  (_request, response) =>
    response
      .writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        ...headers,
      })
      .end(`<!doctype html><title>${text}</title>`);

/** Returns a reply that redirects. */
export const redirect =
  (location: string, headers: Readonly<Record<string, string>> = {}): Reply =>
  (_request, response) =>
    response.writeHead(303, { location, ...headers }).end();
