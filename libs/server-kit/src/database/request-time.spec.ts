import fastify from 'fastify';
import { Readable } from 'node:stream';
import { measureRequestTime, STATEMENT_MILLISECONDS, timeLeft } from './request-time.js';

const { jest } = import.meta;

afterEach(() => jest.restoreAllMocks());

it('a statement of a response that has begun, such as a stream, has its full time', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(0);
  const server = fastify();
  measureRequestTime(server);
  const times: number[] = [];
  server.get('/', (_request, reply) => {
    now.mockReturnValue(1900);
    times.push(timeLeft());
    async function* lines() {
      yield 'first\n';
      await new Promise(setImmediate);
      times.push(timeLeft());
    }
    return reply.send(Readable.from(lines()));
  });
  expect((await server.inject('/')).body).toBe('first\n');
  expect(times).toEqual([300, STATEMENT_MILLISECONDS]);
});
