import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server of a client on loopback. */
export interface ClientSite {
  readonly origin: string;
  /** The JSON documents that the client publishes, by path. */
  readonly documents: Map<string, unknown>;
  /** The forms that were posted to the client. */
  readonly posted: { path: string; form: URLSearchParams }[];
  stop(): Promise<void>;
}

/** Starts the web server of a client. */
export async function startClientSite(): Promise<ClientSite> {
  const documents = new Map<string, unknown>();
  const posted: ClientSite['posted'] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const path = request.url ?? '';
      if (request.method === 'POST') posted.push({ path, form: new URLSearchParams(body) });
      const document = documents.get(path);
      response.writeHead(request.method === 'POST' || document ? 200 : 404, { 'content-type': 'application/json' });
      response.end(document ? JSON.stringify(document) : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve())));
  return { origin: `http://127.0.0.1:${port}`, documents, posted, stop };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
