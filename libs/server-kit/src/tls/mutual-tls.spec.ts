import { Controller, Get, Module, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Authority, type KeyPair } from '@trefoil/pki';
import type { FastifyRequest } from 'fastify';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get, type RequestOptions } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { buildServer, type Server } from '../server.js';
import { clientCertificateOf } from './client-certificate.js';

const DAY = 24 * 3600 * 1000;
const PAST = { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) };
const FUTURE = { notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 2 * DAY) };

@Controller()
class Endpoints {
  @Get('certificate')
  read(@Req() request: FastifyRequest): object {
    const found = clientCertificateOf(request);
    return {
      name: found ? found.certificate.subject : null,
      isTrusted: found?.isTrusted,
      headers: Object.keys(request.headers).filter((name) => name.includes('cert')),
    };
  }
}

@Module({ controllers: [Endpoints] })
class ServerModule {}

type Settings = Partial<Parameters<typeof buildServer>[1]>;

let folder: string;
let root: Authority;
let issuing: Authority;
let rogue: Authority;
let client: KeyPair;
let files: { certificate: string; key: string; authorities: string };
let server: Server | undefined;

beforeAll(async () => {
  root = await Authority.createRoot('Root');
  issuing = await root.createIssuing('Issuing');
  rogue = await (await Authority.createRoot('Root')).createIssuing('Issuing');
  client = await issuing.issueClient('frontend');
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-mtls-'));
  files = {
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
    authorities: join(folder, 'authorities.pem'),
  };
  const pair = await issuing.issueServer('server', ['localhost']);
  writeFileSync(files.certificate, pair.certificate);
  writeFileSync(files.key, pair.key);
  writeFileSync(files.authorities, root.pair.certificate);
});
afterEach(async () => {
  await server?.app.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const paths = () => ({ TLS_CERTIFICATE_PATH: files.certificate, TLS_KEY_PATH: files.key });

async function start(settings: Settings): Promise<NestFastifyApplication> {
  const definition = { name: 'under-test', module: ServerModule, surfaceOf: () => 'api' as const };
  server = await buildServer(definition, { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0, ...settings });
  await server.app.listen(0, '127.0.0.1');
  await server.mutualTls?.listen(0, '127.0.0.1');
  return server.app;
}

const portOf = (listener: NetServer | undefined) => (listener?.address() as AddressInfo).port;

/** Starts a server with the second listener, and returns its port. */
async function startMutualTls(settings: Settings = {}): Promise<number> {
  await start({ ...paths(), MTLS_PORT: 1, CLIENT_CA_PATH: files.authorities, ...settings });
  return portOf(server?.mutualTls?.server);
}

interface Seen {
  readonly name: string | null;
  readonly isTrusted?: boolean;
  readonly headers: string[];
}

/** Asks a server which certificate it sees. */
function seen(port: number, by?: KeyPair, options: RequestOptions = {}): Promise<Seen> {
  const mine = by && { cert: by.certificate, key: by.key };
  const trusting = { ca: root.pair.certificate, servername: 'localhost' };
  return new Promise((resolve, reject) => {
    const url = { host: '127.0.0.1', port, path: '/certificate' };
    get({ ...url, ...trusting, ...mine, agent: false, ...options }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve(JSON.parse(body) as Seen));
    }).on('error', reject);
  });
}

describe('the listener for client certificates', () => {
  it('serves the routes of the server, and knows the certificate of a connection (RFC 8705 §2)', async () => {
    const port = await startMutualTls();
    expect(await seen(port, client)).toMatchObject({ name: 'CN=frontend', isTrusted: true });
    expect(await seen(port)).toMatchObject({ name: null });
  });

  it('leaves the first listener without certificates, so that browsers ask nobody for one (RFC 8705 §5)', async () => {
    await startMutualTls();
    expect(await seen(portOf(server?.app.getHttpServer() as NetServer), client)).toMatchObject({ name: null });
  });

  it('accepts connections with a self-signed certificate, and does not trust it (RFC 8705 §2.2)', async () => {
    const selfSigned = { ...rogue.pair };
    expect(await seen(await startMutualTls(), selfSigned)).toMatchObject({ name: 'CN=Issuing', isTrusted: false });
  });

  it.each<[string, () => Promise<KeyPair>]>([
    ['of a rogue authority with the same name', () => rogue.issueClient('frontend')],
    ['for servers (RFC 5280 §4.2.1.12)', () => issuing.issueServer('frontend', ['localhost'])],
  ])('does not trust a certificate %s', async (_, issue) => {
    expect(await seen(await startMutualTls(), await issue())).toMatchObject({ name: 'CN=frontend', isTrusted: false });
  });

  it.each([
    ['has expired', PAST],
    ['is not valid yet', FUTURE],
  ])('takes a certificate that %s for none (RFC 5280 §4.1.2.5)', async (_, validity) => {
    expect(await seen(await startMutualTls(), await issuing.issueClient('frontend', validity))).toMatchObject({
      name: null,
    });
  });

  it('trusts no certificate when no authorities are configured, not even those of the web', async () => {
    const port = await startMutualTls({ CLIENT_CA_PATH: undefined });
    expect(await seen(port, client)).toMatchObject({ name: 'CN=frontend', isTrusted: false });
  });

  it.each([
    ['trusts', true, () => issuing],
    ['does not trust', false, () => rogue],
  ])('%s the certificate of a resumed session as before (RFC 8446 §2.2)', async (_, isTrusted, by) => {
    const port = await startMutualTls();
    const { certificate: cert, key } = await by().issueClient('frontend');
    const options = { host: '127.0.0.1', port, servername: 'localhost', ca: root.pair.certificate, cert, key };
    const first = connect(options);
    const session = await new Promise<Buffer>((resolve) => first.once('session', resolve));
    first.destroy();
    const resumed = connect({ ...options, session });
    await new Promise((resolve) => resumed.once('secureConnect', resolve));
    expect(resumed.isSessionReused()).toBe(true);
    resumed.write('GET /certificate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let answer = '';
    for await (const chunk of resumed) answer += String(chunk);
    expect(answer).toContain(`{"name":"CN=frontend","isTrusted":${isTrusted},`);
  });

  it('uses changed authorities for new connections', async () => {
    const port = await startMutualTls();
    expect((await seen(port, client)).isTrusted).toBe(true);
    const { mutualTls } = server ?? {};
    if (!mutualTls) throw new Error('there is no listener');
    const log = server?.app.getHttpAdapter().getInstance().log;
    mutualTls.certificate.serve({ server: mutualTls.server, log: log as never }, { interval: 5 });
    writeFileSync(files.authorities, (await Authority.createRoot('Other')).pair.certificate);
    while ((await seen(port, client)).isTrusted) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('finishes its requests and closes with the server (RFC 9112 §9.6)', async () => {
    const port = await startMutualTls();
    const silent = connect({ host: '127.0.0.1', port, ca: root.pair.certificate, servername: 'localhost' });
    await new Promise((resolve) => silent.once('secureConnect', resolve));
    const ended = new Promise((resolve) => silent.once('close', resolve));
    await server?.app.close();
    server = undefined;
    await ended;
    await expect(seen(port)).rejects.toThrow('ECONNREFUSED');
  });

  it('reports its certificate in readiness and metrics', async () => {
    await startMutualTls();
    const app = server?.app;
    expect((await app?.inject('/health/ready'))?.json()).toMatchObject({ checks: { 'mtls-certificate': 'up' } });
    expect((await app?.inject('/metrics'))?.body).toContain('mtls_certificate_not_reloaded{server="under-test"} 0');
  });

  it.each<[string, () => Settings, string]>([
    ['has no certificate', () => ({ TLS_CERTIFICATE_PATH: undefined, TLS_KEY_PATH: undefined }), 'MTLS_PORT needs a'],
    ['has half a certificate', () => ({ MTLS_KEY_PATH: files.key }), 'both MTLS_CERTIFICATE_PATH and MTLS_KEY_PATH'],
    ['has no file of authorities', () => ({ CLIENT_CA_PATH: join(folder, 'none') }), 'none cannot be read (ENOENT)'],
    ['has authorities that are none', () => ({ CLIENT_CA_PATH: files.key }), 'does not hold a certificate in PEM'],
    [
      'has authorities without their root',
      () => {
        writeFileSync(files.authorities, issuing.pair.certificate);
        return {};
      },
      'does not hold the certificate of a root',
    ],
    ['has a server for an authority', () => ({ CLIENT_CA_PATH: files.certificate }), 'not that of an authority'],
  ])('does not start when it %s, and names the cause', async (_, settings, reason) => {
    await expect(startMutualTls(settings())).rejects.toThrow(reason);
  });
});

describe('the first listener', () => {
  it('asks for certificates when it is configured so', async () => {
    const app = await start({ ...paths(), TLS_CLIENT_CERTIFICATES: 'requested', CLIENT_CA_PATH: files.authorities });
    expect(await seen(portOf(app.getHttpServer()), client)).toMatchObject({ name: 'CN=frontend', isTrusted: true });
  });

  it('cannot ask for certificates without HTTPS', async () => {
    await expect(start({ TLS_CLIENT_CERTIFICATES: 'requested' })).rejects.toThrow('TLS_CERTIFICATE_PATH is missing');
  });
});

describe('a certificate that a proxy forwards', () => {
  const FORWARDED = { CLIENT_CERTIFICATE_HEADER: 'Client-Cert' };
  const trusting = () => ({ ...FORWARDED, TRUSTED_PROXIES: ['127.0.0.1'], CLIENT_CA_PATH: files.authorities });
  const der = ({ certificate }: KeyPair) => `:${new X509Certificate(certificate).raw.toString('base64')}:`;

  beforeEach(() => writeFileSync(files.authorities, issuing.pair.certificate + root.pair.certificate));

  async function seenWith(settings: Settings, headers: Record<string, string>): Promise<Seen> {
    const port = portOf((await start(settings)).getHttpServer());
    return new Promise((resolve, reject) => {
      getHttp({ host: '127.0.0.1', port, path: '/certificate', headers }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        answer.on('end', () => resolve(JSON.parse(body) as Seen));
      }).on('error', reject);
    });
  }

  it('is that of the request when the proxy is trusted (RFC 9440 §2.2)', async () => {
    const answer = await seenWith(trusting(), { 'Client-Cert': der(client) });
    expect(answer).toEqual({ name: 'CN=frontend', isTrusted: true, headers: [] });
  });

  it('may be percent-encoded PEM, as nginx writes it', async () => {
    const [leaf = ''] = /-----BEGIN[^]+?END CERTIFICATE-----\n/.exec(client.certificate) ?? [];
    const answer = await seenWith(trusting(), { 'Client-Cert': encodeURIComponent(leaf) });
    expect(answer).toMatchObject({ name: 'CN=frontend', isTrusted: true });
  });

  it.each<[string, () => Settings]>([
    ['from a proxy that is not trusted', () => ({ ...trusting(), TRUSTED_PROXIES: ['192.0.2.1'] })],
    ['without a setting that names the header', () => ({ ...trusting(), CLIENT_CERTIFICATE_HEADER: undefined })],
    ['in another header', () => ({ ...trusting(), CLIENT_CERTIFICATE_HEADER: 'X-Certificate' })],
  ])('is ignored and removed %s (RFC 9440 §2.4)', async (_, settings) => {
    const headers = { 'Client-Cert': der(client), 'X-Forwarded-Client-Cert': der(client), 'X-SSL-Cert': der(client) };
    expect(await seenWith(settings(), headers)).toEqual({ name: null, headers: [] });
  });

  it.each<[string, () => Promise<KeyPair>]>([
    ['of a rogue authority with the same name', () => rogue.issueClient('frontend')],
    ['for servers (RFC 5280 §4.2.1.12)', () => issuing.issueServer('frontend', ['localhost'])],
    ['of an authority below (RFC 5280 §6.1)', async () => (await root.createIssuing('Other')).issueClient('frontend')],
  ])('is not trusted when it is one %s', async (_, issue) => {
    const answer = await seenWith(trusting(), { 'Client-Cert': der(await issue()) });
    expect(answer).toMatchObject({ name: 'CN=frontend', isTrusted: false });
  });

  it.each([
    ['has expired', PAST],
    ['is not valid yet', FUTURE],
  ])('counts as none when it %s (RFC 5280 §4.1.2.5)', async (_, validity) => {
    const expired = await issuing.issueClient('frontend', validity);
    expect((await seenWith(trusting(), { 'Client-Cert': der(expired) })).name).toBeNull();
  });

  it.each(['::', ':AAAA:', 'AAAA', '-----BEGIN CERTIFICATE-----', '%', ':%:'])(
    'counts as none when it is malformed: %s (RFC 9440 §2.1)',
    async (value) => {
      expect((await seenWith(trusting(), { 'Client-Cert': value })).name).toBeNull();
    },
  );

  it('is needed when the proxy connects with a certificate of its own', async () => {
    const port = await startMutualTls(trusting());
    expect(await seen(port, client)).toMatchObject({ name: null });
    const other = await issuing.issueClient('backend');
    expect(await seen(port, client, { headers: { 'Client-Cert': der(other) } })).toMatchObject({ name: 'CN=backend' });
  });

  it('is refused at the start when proxies are trusted by number, because anybody could be one', async () => {
    await expect(start({ ...trusting(), TRUSTED_PROXIES: 1 })).rejects.toThrow('TRUSTED_PROXIES is a number');
  });
});
