import { Housekeeping } from '@trefoil/server-kit';
import { Caller, LoopbackIssuer, testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { type BackendUnderTest, startBackend } from '../testing/backend-under-test.js';

const { jest } = import.meta;

/** A TCP proxy in front of the database. While it is cut, it closes every connection. */
class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private readonly server = createServer((near) => {
    if (this.isCut) return near.destroy();
    const far = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [near, far]) this.sockets.add(socket.on('error', () => near.destroy()));
    return near.pipe(far).pipe(near);
  });

  constructor(private readonly target: URL) {}

  /** Starts listening and returns the URL of the database through this proxy. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return Object.assign(new URL(this.target), { host: `127.0.0.1:${port}` }).href;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  restore(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const issuer = new LoopbackIssuer();
let databaseUrl: string;
let proxy: DatabaseProxy;
let backend: BackendUnderTest;
let anybody: Caller;

beforeAll(async () => {
  await issuer.start();
  databaseUrl = await testDatabase();
  proxy = new DatabaseProxy(new URL(databaseUrl));
  backend = await startBackend(await proxy.open(), issuer);
  anybody = new Caller(backend.url);
});
afterAll(async () => {
  await backend.stop();
  await proxy.close();
  await issuer.stop();
});

const exportPath = '/v1/exports/contacts';
const routes = [
  ['GET', '/v1/profile'],
  ['GET', '/v1/contacts'],
  ['POST', '/v1/contacts'],
  ['GET', `/v1/contacts/${randomUUID()}`],
  ['PATCH', `/v1/contacts/${randomUUID()}`],
  ['DELETE', `/v1/contacts/${randomUUID()}`],
  ['GET', exportPath],
] as const;
const userRoutes = routes.filter(([, path]) => path !== exportPath);

describe('access to the routes', () => {
  it.each(routes)('%s %s is 401 with a challenge without a token (RFC 6750 §3)', async (method, path) => {
    const { status, headers } = await anybody.send(method, path);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="backend".*, DPoP realm="backend".*, algs="/);
    expect(headers.get('www-authenticate')).not.toContain('error=');
  });

  it.each(userRoutes)('%s %s is 403 for a machine client', async (method, path) => {
    const token = backend.machineToken('contacts:read contacts:write contacts:export');
    expect(await backend.as('', token).send(method, path)).toMatchObject({ status: 403 });
  });

  it.each(userRoutes)('%s %s is 403 for a user of a client that is not in USER_CLIENTS', async (method, path) => {
    const token = backend.userToken('alice', 'contacts:read contacts:write', 'demo-cli');
    expect(await backend.as('alice', token).send(method, path)).toMatchObject({ status: 403 });
  });

  it.each(userRoutes)(
    '%s %s is 403 for a token without its scope, and the challenge names the scope (RFC 6750 §3.1)',
    async (method, path) => {
      const scope = method === 'GET' ? 'contacts:read' : 'contacts:write';
      const other = method === 'GET' ? 'contacts:write' : 'contacts:read';
      const { status, headers } = await backend.as('alice', backend.userToken('alice', other)).send(method, path);
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toContain(`error="insufficient_scope"`);
      expect(headers.get('www-authenticate')).toContain(`scope="${scope}"`);
    },
  );

  it('the export is 403 for a user, with any scope', async () => {
    const token = backend.userToken('alice', 'contacts:read contacts:export');
    expect(await backend.as('alice', token).get(exportPath)).toMatchObject({ status: 403 });
  });

  it('the export is 403 for a machine client without its scope', async () => {
    expect(await backend.as('', backend.machineToken('contacts:read')).get(exportPath)).toMatchObject({ status: 403 });
  });

  it('a token for another resource server is 401', async () => {
    const token = issuer.token({
      aud: `${issuer.url}/api`,
      sub: 'alice',
      client_id: 'frontend',
      scope: 'contacts:read',
      sid: 's',
    });
    expect(await backend.as('alice', token).get('/v1/contacts')).toMatchObject({ status: 401 });
  });
});

describe('the server', () => {
  it('redirects its root to the documentation', async () => {
    const { status, headers } = await anybody.send('GET', '/');
    expect([status, headers.get('location')]).toEqual([302, 'docs']);
  });

  it('answers an unknown path with a problem document', async () => {
    const { status, headers, body } = await anybody.get('/v1/nothing', { Accept: 'text/html' });
    expect([status, body.title]).toEqual([404, 'Not Found']);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  it('is 503 with Retry-After and not ready while the database is down, and recovers when it is back', async () => {
    const alice = backend.as('alice');
    await alice.post('/v1/contacts', { name: 'Ada' });
    proxy.cut();
    for (const reply of [
      await alice.get('/v1/contacts'),
      await alice.post('/v1/contacts', { name: 'Grace' }, { 'Idempotency-Key': 'k1' }),
      await backend.as('', backend.machineToken()).get(exportPath),
    ]) {
      expect(reply).toMatchObject({ status: 503, body: { status: 503 } });
      expect(reply.headers.get('retry-after')).toBe('5');
    }
    expect(await anybody.get('/health/ready')).toMatchObject({ status: 503, body: { checks: { database: 'down' } } });
    expect((await anybody.get('/health/live')).status).toBe(200);
    proxy.restore();
    expect((await alice.get('/v1/contacts')).body.items).toHaveLength(1);
    expect(await anybody.get('/health/ready')).toMatchObject({ status: 200, body: { checks: { database: 'up' } } });
  });
});

describe('a server that shuts down', () => {
  it('accepts tokens until its listener has closed', async () => {
    const stopping = await startBackend(databaseUrl, issuer);
    const caller = stopping.as('alice');
    const housekeeping = stopping.app.get(Housekeeping);
    const stopHousekeeping = housekeeping.beforeApplicationShutdown.bind(housekeeping);
    const statuses: number[] = [];
    // The last part that stops before the listener closes.
    jest.spyOn(housekeeping, 'beforeApplicationShutdown').mockImplementation(async () => {
      await stopHousekeeping();
      statuses.push((await caller.get('/v1/contacts')).status);
      statuses.push((await caller.post('/v1/contacts', { name: 'Ada' })).status);
    });
    await stopping.stop();
    expect(statuses).toEqual([200, 201]);
  });
});
