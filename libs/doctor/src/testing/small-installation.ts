import { Authority, type KeyPair } from '@trefoil/pki';
import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { json, page, redirect, type Reply, type Routes } from './replies.js';

type Members = Record<string, unknown>;

/** The URLs of the three servers of a small installation. */
export interface Urls {
  readonly provider: string;
  readonly backend: string;
  readonly frontend: string;
}

/** What is wrong with an installation. Without faults the doctor has no finding. */
export interface Faults {
  /** Replaces the certificate of the provider. */
  readonly certificate?: (authorities: Authorities) => Promise<KeyPair>;
  readonly tls?: SecureContextOptions;
  /** How many seconds the clock of the provider is ahead. */
  readonly clockAhead?: number;
  /** Changes the metadata of the provider. */
  readonly metadata?: (urls: Urls) => Members;
  /** Changes the document of RFC 8414 only. */
  readonly oauthMetadata?: Members;
  /** Changes the published keys. */
  readonly keys?: (keys: readonly JsonWebKey[]) => readonly JsonWebKey[];
  /** Changes the parameters with which the frontend starts a sign-in. */
  readonly signIn?: (urls: Urls) => Readonly<Record<string, string>>;
  /** Changes the metadata of the backend. */
  readonly resource?: Members;
  /** Replaces replies of the provider. */
  readonly routes?: Routes;
}

/** The authorities that issue the certificates of an installation. */
export interface Authorities {
  readonly root: Authority;
  readonly issuing: Authority;
}

/** Three HTTPS servers that answer as a provider, a backend and a frontend do, without any state. */
export interface SmallInstallation {
  readonly urls: Urls;
  /** The arguments of the doctor that examine it. */
  readonly args: readonly string[];
  close(): void;
}

/** Creates a root and an issuing authority. */
export async function createAuthorities(): Promise<Authorities> {
  const root = await Authority.createRoot('Example root');
  return { root, issuing: await root.createIssuing('Example issuing authority') };
}

const jwkOf = (key: KeyObject, members: Members): JsonWebKey => ({ ...key.export({ format: 'jwk' }), ...members });
const KEYS: readonly JsonWebKey[] = [
  jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, { kid: 'one', alg: 'ES256', use: 'sig' }),
  jwkOf(generateKeyPairSync('ed25519').publicKey, { kid: 'two', alg: 'EdDSA', use: 'sig' }),
];

/** Starts an installation on localhost, with faults. */
export async function startSmallInstallation(
  authorities: Authorities,
  faults: Faults = {},
): Promise<SmallInstallation> {
  const sound = await authorities.issuing.issueServer('server', ['localhost']);
  const certificate = (await faults.certificate?.(authorities)) ?? sound;
  const routes: Record<keyof Urls, Routes> = { provider: {}, backend: {}, frontend: {} };
  const servers = {
    provider: serve({ ...certificateOptions(certificate), ...faults.tls }, () => routes.provider, faults.clockAhead),
    backend: serve(certificateOptions(sound), () => routes.backend),
    frontend: serve(certificateOptions(sound), () => routes.frontend),
  };
  for (const server of Object.values(servers)) await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = (server: Server) => `https://localhost:${(server.address() as AddressInfo).port}`;
  const urls = { provider: url(servers.provider), backend: url(servers.backend), frontend: url(servers.frontend) };
  routes.provider = { ...providerRoutes(urls, faults), ...faults.routes };
  routes.backend = {
    'GET /.well-known/oauth-protected-resource': json(200, {
      resource: urls.backend,
      authorization_servers: [urls.provider],
      ...faults.resource,
    }),
  };
  routes.frontend = frontendRoutes(urls, faults);

  const folder = mkdtempSync(join(tmpdir(), 'trefoil-doctor-'));
  const ca = join(folder, 'root.pem');
  writeFileSync(ca, authorities.root.pair.certificate);
  return {
    urls,
    args: [urls.provider, '--frontend', urls.frontend, '--backend', urls.backend, '--ca', ca],
    close: () => {
      for (const server of Object.values(servers)) {
        server.close();
        server.closeAllConnections();
      }
      rmSync(folder, { recursive: true });
    },
  };
}

const certificateOptions = ({ certificate, key }: KeyPair) => ({ cert: certificate, key });

function serve(options: SecureContextOptions, routes: () => Routes, clockAhead = 0): Server {
  const notFound: Reply = json(404, { error: 'invalid_request' });
  return createServer(options, (request, response) => {
    response.setHeader('date', new Date(Date.now() + clockAhead * 1000).toUTCString());
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    request.resume().on('end', () => (routes()[`${request.method ?? ''} ${path}`] ?? notFound)(request, response));
  });
}

function providerRoutes(urls: Urls, { metadata, oauthMetadata, keys = (all) => all }: Faults): Routes {
  const { provider: issuer } = urls;
  const document = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    revocation_endpoint: `${issuer}/revoke`,
    grant_types_supported: ['authorization_code', 'refresh_token'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256', 'EdDSA'],
    ...metadata?.(urls),
  };
  const anyOrigin = { 'access-control-allow-origin': '*' };
  return {
    'GET /.well-known/openid-configuration': json(200, document),
    'GET /.well-known/oauth-authorization-server': json(200, { ...document, ...oauthMetadata }),
    'GET /jwks': json(200, { keys: keys(KEYS) }),
    'GET /userinfo': json(401, {}, { 'www-authenticate': 'Bearer', ...anyOrigin }),
    'POST /token': json(401, { error: 'invalid_client' }, anyOrigin),
    'POST /revoke': json(401, { error: 'invalid_client' }, anyOrigin),
    'GET /authorize': (request, response) => {
      const { searchParams } = new URL(request.url ?? '', issuer);
      const isKnown = searchParams.get('client_id') === 'frontend';
      (isKnown ? redirect('/login') : page(400, 'This client is not registered'))(request, response);
    },
    'GET /login': page(200, 'Sign in', {
      'set-cookie': ['__Host-session=1; Path=/; Secure; HttpOnly; SameSite=Lax'],
    }),
  };
}

const frontendRoutes = (urls: Urls, { signIn }: Faults): Routes => {
  const request = new URL(`${urls.provider}/authorize`);
  request.search = new URLSearchParams({
    client_id: 'frontend',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${urls.frontend}/callback`,
    state: 'state-of-this-sign-in',
    nonce: 'nonce-of-this-sign-in',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...signIn?.(urls),
  }).toString();
  return {
    'GET /login': redirect(request.href, {
      'set-cookie': '__Host-sign_in=1; Path=/; Secure; HttpOnly; SameSite=Lax',
    }),
  };
};
