import { Body, Controller, Get, Module, Post, Put } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { invalidRequest } from '@trefoil/oauth-protocol';
import { connect } from 'node:net';
import { z } from 'zod';
import { buildServer, createServer, type ServerDefinition } from './server.js';

const Greeting = z.object({ name: z.string().min(1), tags: z.array(z.string()).default([]) });

@Controller()
class Endpoints {
  @Post('api/greetings')
  greet(@Body({ schema: Greeting }) greeting: z.infer<typeof Greeting>) {
    return greeting;
  }
  @Put('api/greetings/:id')
  replace(): void {}
  @Post('token')
  token(@Body() form: unknown) {
    return form;
  }
  @Get('token')
  refuse() {
    throw invalidRequest('nothing of this kind');
  }
  @Get('api/database')
  database() {
    throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' });
  }
  @Get('api/fault')
  fault() {
    throw new Error('password=hunter2 in a stack trace');
  }
}

@Module({ controllers: [Endpoints] })
class Server {}

let app: NestFastifyApplication;
let dependencyIsUp = true;

beforeAll(async () => {
  app = await createServer(
    {
      name: 'under-test',
      module: Server,
      surfaceOf: (path, wantsHtml) => (path.startsWith('/api') ? 'api' : wantsHtml ? 'page' : 'protocol'),
      renderErrorPage: ({ status, requestId }) => `<h1>${status}</h1><p>${requestId}</p>`,
      crossOrigin: (path) => path === '/token',
      healthChecks: () => [
        { name: 'dependency', check: () => (dependencyIsUp ? Promise.resolve() : Promise.reject(new Error())) },
      ],
    },
    { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0 },
  );
});
afterAll(() => app.close());

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('an error', () => {
  it('is a problem document that names the field, at an API (RFC 9457)', async () => {
    const answer = await app.inject({ method: 'POST', url: '/api/greetings', payload: { name: '', tags: [1] } });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field)).toEqual(['name', 'tags.0']);
  });

  it('is an OAuth error that is never stored, at a protocol endpoint (RFC 6749 §5.2)', async () => {
    const answer = await app.inject('/token');
    expect(answer.json()).toEqual({ error: 'invalid_request', error_description: 'nothing of this kind' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is a page that shows the request id, for a browser', async () => {
    const answer = await app.inject({ url: '/nowhere', headers: { accept: 'text/html' } });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toMatch(/<h1>404<\/h1><p>[0-9a-f-]{36}<\/p>/);
  });

  it('is 405 with the allowed methods when a path does not support the method (RFC 9110 §15.5.6)', async () => {
    const deleted = await app.inject({ method: 'DELETE', url: '/token?a=b' });
    expect([deleted.statusCode, deleted.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect(deleted.json()).toMatchObject({ error: 'invalid_request' });
    expect(deleted.headers['content-security-policy']).toBeDefined();
    const got = await app.inject('/api/greetings/7');
    expect([got.statusCode, got.headers.allow]).toEqual([405, 'PUT']);
    expect((await app.inject('/api/greetings/7/more')).statusCode).toBe(404);
  });

  it('has the same format when the path cannot be decoded', async () => {
    const answer = await app.inject('/api/%zz');
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('is 503 with Retry-After when the database is down', async () => {
    const answer = await app.inject('/api/database');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.body).not.toContain('10.0.0.1');
  });

  it('is 500 without internal details when the server is at fault', async () => {
    const answer = await app.inject('/api/fault');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('hunter2');
  });
});

describe('a request body', () => {
  it('over 64 KiB is answered 413', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/token',
      headers: form,
      payload: `a=${'x'.repeat(65_536)}`,
    });
    expect(answer.statusCode).toBe(413);
  });

  it('keeps the values of repeated names, also of names that every object inherits', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/token',
      headers: form,
      payload: 'a=1&a=2&__proto__=x&b=%20+',
    });
    expect(JSON.parse(answer.body)).toEqual(JSON.parse('{"a":["1","2"],"__proto__":"x","b":"  "}'));
  });

  it('that is empty counts as none, whatever its type', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'PUT', url: '/api/greetings/1', headers });
    expect(answer.statusCode).toBe(200);
    const missing = await app.inject({ method: 'POST', url: '/api/greetings', headers });
    expect(missing.statusCode).toBe(400);
  });

  it.each(['a&'.repeat(32_000), 'p=&'.repeat(200)])('with more than 100 parameters is refused', async (payload) => {
    const answer = await app.inject({ method: 'POST', url: '/token', headers: form, payload });
    expect(answer.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('100'),
    });
    expect((await app.inject(`/token?${payload.slice(0, 8000)}`)).json()).toMatchObject({ error: 'invalid_request' });
  });

  it('that is not JSON is answered 400', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url: '/api/greetings', headers, payload: '{' });
    expect(answer.statusCode).toBe(400);
  });
});

it('lets pages of other origins call only the paths that are open to them', async () => {
  const headers = { origin: 'https://spa.example' };
  expect((await app.inject({ url: '/token', headers })).headers['access-control-allow-origin']).toBe('*');
  expect((await app.inject({ url: '/api/fault', headers })).headers['access-control-allow-origin']).toBeUndefined();
});

it.each(['/health/live', '/nowhere', '/%zz'])('forbids scripts, frames and content sniffing: %s', async (url) => {
  const { headers } = await app.inject(url);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});

it('is ready when its dependencies are up, and names those that are down', async () => {
  expect((await app.inject('/health/ready')).json()).toEqual({ status: 'up', checks: { dependency: 'up' } });
  dependencyIsUp = false;
  const answer = await app.inject('/health/ready');
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toEqual({ status: 'down', checks: { dependency: 'down' } });
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

it('measures its routes for Prometheus', async () => {
  await app.inject('/token');
  const { body } = await app.inject('/metrics');
  expect(body).toMatch(/http_request_duration_seconds_count\{server="under-test",method="GET",route="\/token",/);
  // The autoscaler of docs/kubernetes.md uses its rate.
  expect(body).toMatch(/^nodejs_eventloop_active_seconds_total\{server="under-test"\} 0?\.?\d/m);
});

it('closes the connection of a request that does not arrive in time', async () => {
  const server = app.getHttpServer();
  const configured = server.requestTimeout;
  expect(configured).toBe(10_000);
  server.requestTimeout = server.headersTimeout = 100;
  await app.listen(0, '127.0.0.1');
  const { port } = server.address() as { port: number };
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na'),
    );
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString())).on('close', () => resolve(received));
  });
  expect(answer).toContain('408');
});

it('ends right after its last response, which closes the connection (RFC 9112 §9.6)', async () => {
  let answerIt = () => {};
  const answered = new Promise<void>((resolve) => (answerIt = resolve));
  let hasArrived = () => {};
  const arrived = new Promise<void>((resolve) => (hasArrived = resolve));
  @Controller()
  class Slow {
    @Get('slow')
    async read(): Promise<string> {
      hasArrived();
      await answered;
      return 'done';
    }
  }
  @Module({ controllers: [Slow] })
  class SlowServer {}
  const definition: ServerDefinition = { name: 'slow', module: SlowServer, surfaceOf: () => 'api' };
  const slow = await createServer(definition, { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0 });
  await slow.listen(0, '127.0.0.1');
  const answer = fetch(`${await slow.getUrl()}/slow`);
  await arrived;
  const closed = slow.close();
  while (slow.getHttpServer().listening) await new Promise((resolve) => setImmediate(resolve));
  answerIt();
  expect((await answer).headers.get('connection')).toBe('close');
  expect(await (await answer).text()).toBe('done');
  await closed;
});

describe('a server with a management port', () => {
  it('serves health and metrics there, and nothing of them on its own port', async () => {
    const definition: ServerDefinition = { name: 'managed', module: Server, surfaceOf: () => 'api' };
    const settings = { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0, MANAGEMENT_PORT: 1 } as const;
    const { app: managed, management } = await buildServer(definition, settings);
    for (const url of ['/health/live', '/health/ready', '/metrics']) {
      expect((await managed.inject(url)).statusCode).toBe(404);
      expect((await management?.inject(url))?.statusCode).toBe(200);
    }
    await managed.inject({ method: 'POST', url: '/token', headers: form, payload: 'a=1' });
    expect((await management?.inject('/metrics'))?.body).toContain('route="/token"');
    expect((await management?.inject('/token'))?.statusCode).toBe(404);
    await managed.close();
  });
});

describe('a server that drains', () => {
  it('answers, closes each connection, and is not ready (RFC 9112 §9.6)', async () => {
    const definition: ServerDefinition = { name: 'draining', module: Server, surfaceOf: () => 'api' };
    const { app: draining, drain } = await buildServer(definition, { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0 });
    expect((await draining.inject('/health/ready')).headers.connection).not.toBe('close');
    drain.begin();
    expect((await draining.inject('/health/ready')).statusCode).toBe(503);
    const answer = await draining.inject({ method: 'POST', url: '/token', headers: form, payload: 'a=1' });
    expect([answer.statusCode, answer.headers.connection]).toEqual([201, 'close']);
    await draining.close();
  });
});
