import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { Authority } from './authority.js';
import type { KeyPair } from './certificate.js';
import { ensurePki, type Service } from './pki-folder.js';

const DAY = 24 * 3600 * 1000;
const services: Service[] = [
  { name: 'provider', hosts: ['localhost', '127.0.0.1', '::1'] },
  { name: 'backend', hosts: ['api.localhost'] },
];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-pki-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readFileSync(path, 'utf8');
const serialOf = (path: string) => new X509Certificate(read(path)).serialNumber;

/** Connects to a server with a certificate. Returns `trusted`, or the code of the error of the client or the server. */
async function handshake(server: KeyPair, ca: string, servername: string, client?: KeyPair): Promise<string> {
  const options = { cert: server.certificate, key: server.key, ca, requestCert: client !== undefined };
  const listener = createServer(options, (socket) => socket.end('trusted'));
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      listener.on('tlsClientError', (error) => resolve(String((error as NodeJS.ErrnoException).code)));
      const mine = client && { cert: client.certificate, key: client.key };
      const socket = connect({ host: '127.0.0.1', port, ca, servername, ...mine });
      socket.on('data', (text) => resolve(text.toString()));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    });
  } finally {
    listener.close();
  }
}

describe('a development PKI', () => {
  it('has certificates that a client trusts who trusts the root, for their own hosts only (RFC 9525 §6)', async () => {
    const pki = await ensurePki(folder, services);
    const pair = pki.services['backend']?.server;
    const server = { certificate: read(pair?.certificate ?? ''), key: read(pair?.key ?? '') };
    expect(await handshake(server, read(pki.root), 'api.localhost')).toBe('trusted');
    expect(await handshake(server, read(pki.root), 'auth.localhost')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    const other = await (await Authority.createRoot('Other')).createIssuing('Other');
    expect(await handshake(await other.issueServer('x', ['api.localhost']), read(pki.root), 'api.localhost')).not.toBe(
      'trusted',
    );
  });

  it('has client certificates that a server trusts, and that are no server certificates (RFC 5280 §4.2.1.12)', async () => {
    const root = await Authority.createRoot('Root');
    const issuing = await root.createIssuing('Issuing');
    const [server, client] = [await issuing.issueServer('s', ['localhost']), await issuing.issueClient('frontend')];
    const ca = root.pair.certificate;
    expect(await handshake(server, ca, 'localhost', client)).toBe('trusted');
    expect(await handshake(client, ca, 'frontend')).toBe('INVALID_PURPOSE');
    const past = { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) };
    expect(await handshake(await issuing.issueServer('s', ['localhost'], past), ca, 'localhost')).toBe(
      'CERT_HAS_EXPIRED',
    );
  });

  it('has an issuing authority that cannot make other authorities (RFC 5280 §4.2.1.9)', async () => {
    const root = await Authority.createRoot('Root');
    const below = await (await root.createIssuing('Issuing')).createIssuing('Below');
    const server = await below.issueServer('s', ['localhost']);
    expect(await handshake(server, root.pair.certificate, 'localhost')).toBe('PATH_LENGTH_EXCEEDED');
  });

  it('keeps its keys for the owner alone', async () => {
    const pki = await ensurePki(folder, services);
    const keys = [join(folder, 'root.key'), join(folder, 'issuing.key'), pki.services['backend']?.client.key ?? ''];
    expect(keys.map((key) => statSync(key).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  it('stays as it is when it is still right', async () => {
    expect((await ensurePki(folder, services)).written).toHaveLength(3 + 2 * services.length);
    expect((await ensurePki(folder, services)).written).toEqual([]);
  });

  it('gets a new certificate for a service that is new, that has other hosts, or whose files are gone', async () => {
    const { services: before } = await ensurePki(folder, services);
    rmSync(before['backend']?.client.key ?? '');
    const changed = [
      { name: 'provider', hosts: ['localhost', 'auth.localhost'] },
      { name: 'backend', hosts: ['api.localhost'] },
      { name: 'invoices', hosts: ['invoices.localhost'] },
    ];
    expect((await ensurePki(folder, changed)).written.map((path) => path.slice(folder.length + 1))).toEqual([
      'provider/server.pem',
      'backend/client.pem',
      'invoices/server.pem',
      'invoices/client.pem',
    ]);
  });

  it('renews what is about to expire, and what another authority has issued', async () => {
    const pki = await ensurePki(folder, services);
    const [provider, backend] = [pki.services['provider']?.server, pki.services['backend']?.server];
    if (!provider || !backend) throw new Error('there is no certificate');
    const issuing = new Authority({
      certificate: read(join(folder, 'issuing.pem')),
      key: read(join(folder, 'issuing.key')),
    });
    const soon = { notBefore: new Date(), notAfter: new Date(Date.now() + 20 * DAY) };
    const [old, rogue] = [
      await issuing.issueServer('provider', services[0]?.hosts ?? [], soon),
      await (await Authority.createRoot('Other')).issueServer('backend', services[1]?.hosts ?? []),
    ];
    for (const [paths, pair] of [
      [provider, old],
      [backend, rogue],
    ] as const) {
      writeFileSync(paths.certificate, pair.certificate);
      writeFileSync(paths.key, pair.key);
    }
    const before = [serialOf(provider.certificate), serialOf(backend.certificate)];
    expect((await ensurePki(folder, services)).written).toEqual([provider.certificate, backend.certificate]);
    expect([serialOf(provider.certificate), serialOf(backend.certificate)]).not.toEqual(before);
  });
});
