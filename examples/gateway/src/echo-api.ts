import { createServer, type Server } from 'node:http';

/** Starts the API behind the gateway. It knows nothing of OAuth: it answers with the request that reached it. */
export async function startEchoApi(port: number): Promise<Server> {
  const server = createServer(({ method, url, headers }, reply) => {
    reply.writeHead(200, { 'Content-Type': 'application/json' });
    reply.end(`${JSON.stringify({ method, url, headers }, undefined, 2)}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}
