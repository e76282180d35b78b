import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

/** A request as it is sent. */
export interface HttpRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string;
}

/** A request and its response. */
export interface Exchange {
  request: HttpRequest;
  status: number;
  headers: Headers;
  body: string;
}

/** Sends a request with exactly the given headers. `fetch` would add headers, and forbids some that browsers send. */
export async function exchange(request: HttpRequest, tls: https.AgentOptions = {}): Promise<Exchange> {
  const { method, url, body, headers } = request;
  const options = {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-length': byteLength(body) },
  };
  const outgoing = url.protocol === 'https:' ? https.request(url, { ...options, ...tls }) : http.request(url, options);
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [http.IncomingMessage];
  const chunks = (await incoming.toArray()) as Buffer[];
  return {
    request,
    status: incoming.statusCode ?? 0,
    headers: headersOf(incoming),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function headersOf({ rawHeaders }: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function byteLength(body: string): string {
  return String(Buffer.byteLength(body));
}
