import { Authority, type KeyPair } from '@trefoil/pki';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, startTestApp, stopTestApps } from '../testing/test-app.js';
import { TestIssuer } from '../testing/test-issuer.js';

const DAY = 24 * 3600 * 1000;

let issuer: TestIssuer;
let authority: Authority;
let client: KeyPair;
let folder: string;
let port: number;

beforeAll(async () => {
  issuer = await TestIssuer.create();
  authority = await Authority.createRoot('Root');
  client = await authority.issueClient('frontend');
  folder = mkdtempSync(join(tmpdir(), 'trefoil-guards-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(stopTestApps);

beforeEach(async () => {
  const paths = { TLS_CERTIFICATE_PATH: join(folder, 'server.pem'), TLS_KEY_PATH: join(folder, 'server.key') };
  const { certificate, key } = await authority.issueServer('server', ['localhost']);
  writeFileSync(paths.TLS_CERTIFICATE_PATH, certificate);
  writeFileSync(paths.TLS_KEY_PATH, key);
  const app = await startTestApp(issuer, { settings: { ...paths, TLS_CLIENT_CERTIFICATES: 'requested' } });
  await app.listen(0, '127.0.0.1');
  port = (app.getHttpServer().address() as AddressInfo).port;
});

const thumbprintOf = ({ certificate }: KeyPair): string =>
  createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');

const boundToken = (cnf: object = { 'x5t#S256': thumbprintOf(client) }) =>
  issuer.userToken({ scope: 'notes:read', cnf });

interface Answer {
  readonly status: number | undefined;
  readonly challenge: string | undefined;
}

/** Calls a route with a token on a connection with a certificate, or without one. */
const call = (token: string, by?: KeyPair): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const mine = by && { cert: by.certificate, key: by.key };
    const trusting = { ca: authority.pair.certificate, servername: 'localhost', agent: false as const };
    const headers = { authorization: `Bearer ${token}` };
    get({ host: '127.0.0.1', port, path: '/notes', headers, ...trusting, ...mine }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, challenge: answer.headers['www-authenticate'] });
    }).on('error', reject);
  });

const refusal = (description: string) => ({
  status: 401,
  challenge: `Bearer realm="notes", error="invalid_token", error_description="${description}"`,
});

describe('a token that is bound to a certificate', () => {
  it('is accepted on a connection with that certificate (RFC 8705 §3)', async () => {
    expect((await call(await boundToken(), client)).status).toBe(200);
  });

  it('is refused on a connection with the certificate of another service (RFC 8705 §3)', async () => {
    const other = await authority.issueClient('frontend');
    expect(await call(await boundToken(), other)).toEqual(
      refusal('the token is bound to a different certificate than that of the connection'),
    );
  });

  it('is refused on a connection without a certificate (RFC 8705 §3)', async () => {
    expect(await call(await boundToken())).toEqual(
      refusal('the token is bound to a client certificate, and the connection has none'),
    );
  });

  it('is refused on a plain connection, whatever certificate a header claims (RFC 8705 §3, RFC 9440 §2.4)', async () => {
    const app = await startTestApp(issuer);
    const forged = `:${new X509Certificate(client.certificate).raw.toString('base64')}:`;
    const headers = { 'client-cert': forged, 'x-forwarded-client-cert': forged };
    const { status, challenge } = await ask(app, '/notes', `Bearer ${await boundToken()}`, headers);
    expect({ status, challenge }).toEqual(
      refusal('the token is bound to a client certificate, and the connection has none'),
    );
  });

  it('is refused when the certificate has expired since', async () => {
    const past = { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) };
    const expired = await authority.issueClient('frontend', past);
    expect((await call(await boundToken({ 'x5t#S256': thumbprintOf(expired) }), expired)).status).toBe(401);
  });
});

describe('a connection with a certificate', () => {
  it('may send a token that is bound to nothing', async () => {
    expect((await call(await issuer.userToken({ scope: 'notes:read' }), client)).status).toBe(200);
  });

  it('is no proof for a token that is bound to a DPoP key, or in an unknown way (RFC 9449 §7.1, RFC 7800 §3.1)', async () => {
    expect((await call(await boundToken({ jkt: thumbprintOf(client) }), client)).status).toBe(401);
    expect((await call(await boundToken({ 'x5t#S512': 'x' }), client)).status).toBe(401);
  });
});
