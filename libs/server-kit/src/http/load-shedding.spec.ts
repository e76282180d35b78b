import { fastify, type FastifyInstance } from 'fastify';
import { OverloadedError, shedLoad } from './load-shedding.js';

let server: FastifyInstance;
let answer: () => void;
let url: string;
/** Resolves when two requests have reached the handler. */
let bothArrived: Promise<void>;

beforeEach(async () => {
  const answered = new Promise<void>((resolve) => (answer = resolve));
  server = fastify();
  shedLoad(server, 2);
  server.setErrorHandler((error, _request, reply) =>
    error instanceof OverloadedError ? reply.status(error.status).headers(error.headers).send() : reply.send(error),
  );
  let arrivals = 0;
  bothArrived = new Promise((resolve) => {
    server.get('/slow', async () => {
      if (++arrivals === 2) resolve();
      await answered;
      return 'done';
    });
  });
  server.get('/health/live', async () => 'up');
  url = await server.listen({ port: 0, host: 'localhost' });
});
afterEach(() => server.close());

describe('load shedding', () => {
  it('refuses requests beyond the open ones with 503 and Retry-After, and answers again afterwards (RFC 9110 §15.6.4)', async () => {
    const open = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    await bothArrived;
    const refused = await fetch(`${url}/slow`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    answer();
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await fetch(`${url}/slow`)).status).toBe(200);
  });

  it('always answers whether the server is alive', async () => {
    const open = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    await bothArrived;
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    answer();
    await Promise.all(open);
  });

  it('counts a request no longer whose client has gone', async () => {
    const gone = new AbortController();
    const open = [1, 2].map(() => fetch(`${url}/slow`, { signal: gone.signal }).catch(() => undefined));
    await bothArrived;
    gone.abort();
    await Promise.all(open);
    answer();
    let status = 0;
    while (status !== 200) ({ status } = await fetch(`${url}/slow`));
    expect(status).toBe(200);
  });
});
