import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Authority, type KeyPair } from '@trefoil/pki';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { buildServer } from '../server.js';
import { ServedCertificate, servedCertificate, TlsFileError } from './served-certificate.js';

const DAY = 24 * 3600 * 1000;

@Controller()
class Endpoints {
  @Get('things')
  read(): object {
    return { is: 'served' };
  }
}

@Module({ controllers: [Endpoints] })
class ServerModule {}

let folder: string;
let root: Authority;
let issuing: Authority;
let paths: { certificate: string; key: string };
let app: NestFastifyApplication | undefined;

beforeAll(async () => {
  root = await Authority.createRoot('Root');
  issuing = await root.createIssuing('Issuing');
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-tls-'));
  paths = { certificate: join(folder, 'server.pem'), key: join(folder, 'server.key') };
  write(await issuing.issueServer('first', ['localhost']));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  rmSync(folder, { recursive: true });
});

function write({ certificate, key }: KeyPair): void {
  writeFileSync(paths.key, key);
  writeFileSync(paths.certificate, certificate);
}

async function start(limits: { MAX_CONNECTIONS?: number; MAX_TLS_HANDSHAKES?: number } = {}): Promise<number> {
  const definition = { name: 'under-test', module: ServerModule, surfaceOf: () => 'api' as const };
  const settings = { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0 } as const;
  const variables = { TLS_CERTIFICATE_PATH: paths.certificate, TLS_KEY_PATH: paths.key };
  ({ app } = await buildServer(definition, { ...settings, ...variables, ...limits }));
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer().address() as AddressInfo).port;
}

const trusting = () => ({ host: '127.0.0.1', servername: 'localhost', ca: root.pair.certificate });

function ask(
  port: number,
  path: string,
  host: string,
): Promise<{ status: number | undefined; body: string; headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    get({ ...trusting(), port, path, headers: { host }, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body, headers: answer.headers }));
    }).on('error', reject);
  });
}

/** Connects, and returns the connection; rejects with the error of the handshake. */
const handshake = (port: number, options: ConnectionOptions = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ ...trusting(), port, ...options }, () => resolve(socket));
    socket.on('error', reject);
  });

async function commonName(port: number): Promise<string> {
  const socket = await handshake(port);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

describe('a server with a certificate', () => {
  it('answers HTTPS requests, and tells browsers to stay with HTTPS (RFC 6797 §7.1)', async () => {
    const { status, body, headers } = await ask(await start(), '/things', 'app.example');
    expect([status, JSON.parse(body)]).toEqual([200, { is: 'served' }]);
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{7,}/);
  });

  it.each(['localhost:3000', '127.0.0.1'])('does not bind browsers to HTTPS on %s', async (host) => {
    const { headers } = await ask(await start(), '/things', host);
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('answers a request of plain HTTP with 400 and the reason', async () => {
    const port = await start();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      getHttp({ host: '127.0.0.1', port, path: '/things' }, resolve).on('error', reject);
    });
    let body = '';
    for await (const chunk of answer) body += String(chunk);
    expect([answer.statusCode, body]).toEqual([400, expect.stringContaining('https://')]);
  });

  it.each<[string, ConnectionOptions]>([
    [
      'a version of TLS before 1.2 (RFC 8996)',
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' },
    ],
    [
      'a suite without forward secrecy (RFC 9325 §4.1)',
      { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:AES256-SHA' },
    ],
    ['a suite of CBC (RFC 9325 §4.2)', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }],
  ])('refuses %s', async (_, options) => {
    await expect(handshake(await start(), options)).rejects.toThrow();
  });

  it('drops the connections without a request when it closes', async () => {
    const port = await start();
    const silent = await handshake(port);
    const ended = new Promise((resolve) => silent.once('close', resolve));
    await app?.close();
    app = undefined;
    await ended;
  });
});

describe('the connections of a listener', () => {
  const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

  /** Connects from an address of this machine without beginning a handshake. */
  async function connectSilently(port: number, localAddress: string): Promise<Socket> {
    const socket = connectTcp({ host: '127.0.0.1', port, localAddress }).on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  }

  const closedHandshakes = async () =>
    /^tls_handshakes_closed_total\S* (\d+)$/m.exec((await app?.inject('/metrics'))?.body ?? '')?.[1];

  // Only Linux has a second address on loopback without configuration.
  (process.platform === 'linux' ? it : it.skip)(
    'have a bounded number of handshakes, and those of other networks succeed',
    async () => {
      const port = await start({ MAX_TLS_HANDSHAKES: 3 });
      const other = await connectSilently(port, '127.0.0.2');
      const silent: Socket[] = [];
      const ends: Promise<unknown>[] = [];
      for (let count = 0; count < 12; count++) {
        const socket = await connectSilently(port, '127.0.0.1');
        silent.push(socket);
        ends.push(closed(socket));
      }
      await Promise.all(ends.slice(0, 10));
      expect(silent.slice(10).map(({ destroyed }) => destroyed)).toEqual([false, false]);
      expect(await closedHandshakes()).toBe('10');
      const late = connect({ ...trusting(), socket: other });
      await new Promise((resolve) => late.once('secureConnect', resolve));
      late.destroy();
      expect((await ask(port, '/things', 'app.example')).status).toBe(200);
      // A handshake may take 5 s.
      await Promise.all(ends);
      expect(await closedHandshakes()).toBe('11');
    },
  );

  it('are bounded, and a closed one makes room', async () => {
    const port = await start({ MAX_CONNECTIONS: 2 });
    const [first, second] = [await handshake(port), await handshake(port)];
    await expect(handshake(port)).rejects.toThrow();
    const end = closed(first);
    first.destroy();
    await end;
    await until(() =>
      handshake(port).then(
        (socket) => Boolean(socket.destroy()),
        () => false,
      ),
    );
    second.destroy();
  });
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a certificate whose files change', () => {
  /** Starts a server that checks its files every few milliseconds. */
  async function startChecking(): Promise<{ port: number; certificate: ServedCertificate }> {
    const certificate = new ServedCertificate(paths);
    const port = await start();
    if (app) certificate.serve(app.getHttpAdapter().getInstance(), { interval: 5 });
    return { port, certificate };
  }

  it('is replaced for new connections, and open connections stay', async () => {
    const { port } = await startChecking();
    const open = await handshake(port);
    write(await issuing.issueServer('second', ['localhost']));
    await until(async () => (await commonName(port)) === 'second');
    open.write('GET /things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let received = '';
    for await (const chunk of open) received += String(chunk);
    expect(received).toMatch(/^HTTP\/1.1 200/);
  });

  it.each<[string, () => Promise<void>]>([
    ['is missing', async () => rmSync(paths.key)],
    ['is no PEM', async () => writeFileSync(paths.certificate, 'nothing')],
    [
      'belongs to another key',
      async () => writeFileSync(paths.key, (await issuing.issueServer('x', ['localhost'])).key),
    ],
    ['has expired', async () => write(await issuing.issueServer('x', ['localhost'], past()))],
  ])('stays the old one while the new one %s, and readiness says so', async (_, spoil) => {
    const { port, certificate } = await startChecking();
    const before = readFileSync(paths.certificate, 'utf8');
    const key = readFileSync(paths.key, 'utf8');
    await spoil();
    await until(async () => (await certificate.healthCheck.check()) !== undefined);
    expect(await commonName(port)).toBe('first');
    expect(await certificate.healthCheck.check()).toEqual({ state: 'not reloaded' });
    expect(await gaugeOf(certificate)).toBe(1);
    write({ certificate: before, key });
    await until(async () => (await certificate.healthCheck.check()) === undefined);
    expect(await gaugeOf(certificate)).toBe(0);
  });

  const gaugeOf = async ({ metrics }: ServedCertificate) => (await metrics[1]?.get())?.values[0]?.value;
});

const past = () => ({ notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) });
const future = () => ({ notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 2 * DAY) });

describe('a certificate at the start', () => {
  it.each<[string, () => Promise<void>, string]>([
    ['is missing', async () => rmSync(paths.certificate), 'server.pem cannot be read (ENOENT)'],
    [
      'is no PEM',
      async () => writeFileSync(paths.certificate, 'nothing'),
      'server.pem does not hold a certificate in PEM',
    ],
    [
      'has a key that is no PEM',
      async () => writeFileSync(paths.key, 'nothing'),
      'server.key does not hold a private key',
    ],
    [
      'belongs to another key',
      async () => writeFileSync(paths.key, (await issuing.issueServer('x', ['localhost'])).key),
      'server.key does not belong to the certificate',
    ],
    ['has expired', async () => write(await issuing.issueServer('x', ['localhost'], past())), 'server.pem expired at'],
    [
      'is not valid yet',
      async () => write(await issuing.issueServer('x', ['localhost'], future())),
      'server.pem is not valid before',
    ],
  ])('is refused when it %s, and the file is named', async (_, spoil, reason) => {
    await spoil();
    expect(() => new ServedCertificate(paths)).toThrow(TlsFileError);
    const variables = { TLS_CERTIFICATE_PATH: paths.certificate, TLS_KEY_PATH: paths.key };
    expect(() => servedCertificate(variables)).toThrow(reason);
  });

  it('needs both paths', () => {
    expect(() => servedCertificate({ TLS_KEY_PATH: paths.key })).toThrow('TLS_CERTIFICATE_PATH is missing');
    expect(() => servedCertificate({ TLS_CERTIFICATE_PATH: paths.certificate })).toThrow('TLS_KEY_PATH is missing');
    expect(servedCertificate({})).toBeUndefined();
  });
});
