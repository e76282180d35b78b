import { Body, Controller, Get, Module, Post, StreamableFile } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { createServer } from '../server.js';

const stream = new PassThrough();

@Controller()
class Endpoints {
  @Get('stream')
  read(): StreamableFile {
    stream.write('first');
    return new StreamableFile(stream);
  }
  @Post('things')
  add(@Body() thing: object): object {
    return thing;
  }
}

@Module({ controllers: [Endpoints] })
class ServerModule {}

let app: NestFastifyApplication;

beforeEach(async () => {
  const definition = { name: 'closing', module: ServerModule, surfaceOf: () => 'api' as const };
  app = await createServer(definition, { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0 });
  await app.listen(0, '127.0.0.1');
});

/** Opens a connection on which the server has received these bytes. */
async function connectionWith(bytes: string) {
  const server = app.getHttpServer();
  const accepted = once(server, 'connection');
  const received = bytes === '' ? undefined : once(server, 'request');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket
    .on('error', () => undefined)
    .resume()
    .write(bytes);
  await accepted;
  await received;
  return socket;
}

describe('a server that is closing', () => {
  it('completes a response that has begun, and closes its connection', async () => {
    const agent = new Agent({ keepAlive: true });
    const url = await app.getUrl();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${url}/stream`, { agent }, resolve).on('error', reject);
    });
    const closed = app.close();
    while (app.getHttpServer().listening) await new Promise((resolve) => setImmediate(resolve));
    stream.end(' last');
    let received = '';
    for await (const chunk of answer) received += String(chunk);
    expect(received).toBe('first last');
    await closed;
    agent.destroy();
  });

  it('does not wait for a connection on which no request was sent', async () => {
    const silent = await connectionWith('');
    const ended = once(silent, 'close');
    await app.close();
    await ended;
  });

  it('does not wait longer than usual for the rest of a request', async () => {
    app.getHttpServer().requestTimeout = 100;
    const stalled = await connectionWith('POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{');
    const ended = once(stalled, 'close');
    await app.close();
    await ended;
  });
});
