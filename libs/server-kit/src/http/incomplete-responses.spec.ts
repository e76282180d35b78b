import { Controller, Get, Module, StreamableFile } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { createServer } from '../server.js';
import { onResponseClose } from './incomplete-responses.js';

let stream: PassThrough;

@Controller()
class Streams {
  @Get('stream')
  read(): StreamableFile {
    stream.write('first\n');
    return new StreamableFile(stream);
  }
}

@Module({ controllers: [Streams] })
class StreamingServer {}

let app: NestFastifyApplication;

beforeEach(async () => {
  stream = new PassThrough();
  const definition = { name: 'streaming', module: StreamingServer, surfaceOf: () => 'api' as const };
  app = await createServer(definition, { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0 });
  await app.listen(0, '127.0.0.1');
});
afterEach(() => app.close());

/** Opens a connection and sends requests for the stream. */
function request(version: string, times = 1) {
  const { port } = app.getHttpServer().address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /stream HTTP/${version}\r\nHost: localhost\r\n\r\n`.repeat(times));
  return socket;
}

/** Reads a stream, and calls `then` after its first line. Returns how the connection ended. */
const read = (version: string, then: () => void) =>
  new Promise<string>((resolve) => {
    request(version)
      .on('data', (chunk) => chunk.includes('first') && then())
      .once('end', () => resolve('closed'))
      .once('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code)));
  });

describe.each(['1.0', '1.1'])('a stream over HTTP/%s', (version) => {
  it.each<[string, () => void]>([
    ['fails', () => stream.destroy(new Error('the database is down'))],
    ['is destroyed', () => stream.destroy()],
  ])('that %s is reset, so that its reader does not take it for complete (RFC 9112 §6.3, §8)', async (_, abort) => {
    expect(await read(version, abort)).toBe('ECONNRESET');
  });
});

it('a stream that ends is closed normally', async () => {
  expect(await read('1.0', () => stream.end('last\n'))).toBe('closed');
});

describe('onResponseClose', () => {
  const nextResponses = (count: number) =>
    new Promise<ServerResponse[]>((resolve) => {
      const responses: ServerResponse[] = [];
      app.getHttpServer().on('request', (_request: unknown, response: ServerResponse) => {
        if (responses.push(response) === count) resolve(responses);
      });
    });

  it('is called when the connection is closed, also for a request that was pipelined behind another', async () => {
    const received = nextResponses(2);
    const socket = request('1.1', 2);
    const closed = (await received).map(
      (response) => new Promise<void>((resolve) => onResponseClose(response, resolve)),
    );
    socket.destroy();
    await Promise.all(closed);
  });

  it('is called once, and at once when the connection is closed already', async () => {
    const received = nextResponses(1);
    const socket = request('1.1');
    const [response] = await received;
    if (!response) throw new Error('one was awaited');
    let calls = 0;
    const closed = new Promise<void>((resolve) => onResponseClose(response, () => (calls++, resolve())));
    socket.destroy();
    await closed;
    onResponseClose(response, () => calls++);
    expect(calls).toBe(2);
  });
});
