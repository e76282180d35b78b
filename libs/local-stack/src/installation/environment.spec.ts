import { readAppRegistry } from '@trefoil/app-registry';
import { workspace } from '../apps.js';
import { appEnvironments } from './environment.js';
import { completeSecrets } from './secrets.js';

const urls = {
  provider: 'http://localhost:3001',
  backend: 'http://localhost:3002',
  frontend: 'http://localhost:3000',
};
const databaseUrls = { provider: 'postgresql://p', backend: 'postgresql://b', frontend: 'postgresql://f' };
const registry = readAppRegistry(workspace);
const appNames = ['provider', 'backend', 'frontend'] as const;
const secrets = completeSecrets(registry.apps);
const environments = appEnvironments({ registry, urls, databaseUrls, secrets });

describe('appEnvironments', () => {
  it('gives each app its own port and database, and the same issuer', () => {
    expect(appNames.map((app) => environments[app].PORT)).toEqual(['3001', '3002', '3000']);
    expect(appNames.map((app) => environments[app].DATABASE_URL)).toEqual(Object.values(databaseUrls));
    for (const app of appNames) expect(environments[app].ISSUER).toBe(urls.provider);
  });

  it('tells an app the addresses of the apps that it uses, and the provider those of all others', () => {
    expect(environments.frontend.BACKEND_URL).toBe(urls.backend);
    expect(environments.backend).not.toHaveProperty('FRONTEND_URL');
    expect(environments.backend.USER_CLIENTS).toBe('frontend,api-docs');
    expect(environments.provider).toMatchObject({
      OUTBOUND_ALLOWED_ORIGINS: urls.frontend,
      DEMO_FRONTEND_URL: urls.frontend,
      DEMO_BACKEND_URL: urls.backend,
    });
  });

  it('gives no app the secrets of another', () => {
    const kept = appNames.map((app) =>
      Object.values(environments[app]).filter((value) => Object.values(secrets).includes(value)),
    );
    expect(kept).toEqual([
      [secrets.providerEncryptionKey, secrets.providerGrantKey],
      [secrets.backendDpopNonceKey],
      [secrets.frontendEncryptionKey],
    ]);
  });
});

describe('appEnvironments with client certificates', () => {
  const pathsOf = (app: string) => ({
    server: { certificate: `${app}/server.pem`, key: `${app}/server.key` },
    client: { certificate: `${app}/client.pem`, key: `${app}/client.key` },
  });
  const services = Object.fromEntries(appNames.map((app) => [app, pathsOf(app)]));
  const pki = { root: 'root.pem', authorities: 'authorities.pem', services, written: [] };
  const mtlsUrls = { provider: 'https://localhost:3401', backend: 'https://localhost:3402' };
  const certified = appEnvironments({ registry, urls, databaseUrls, secrets, pki, mtlsUrls });

  it('gives no app a client secret', () => {
    for (const app of appNames) expect(certified[app]).not.toHaveProperty('CLIENT_SECRET');
    for (const app of ['backend', 'frontend'] as const) {
      expect(environments[app].CLIENT_SECRET).toBe(`${app}-demo-secret`);
      expect(certified[app]).toMatchObject({
        CLIENT_CERTIFICATE_PATH: `${app}/client.pem`,
        CLIENT_KEY_PATH: `${app}/client.key`,
      });
    }
  });

  it('lets the provider and the resource servers ask for certificates, and no server for browsers (RFC 8705 §5)', () => {
    expect(certified.provider).toMatchObject({ MTLS_PORT: '3401', MTLS_URL: mtlsUrls.provider });
    expect(certified.backend).toMatchObject({ MTLS_PORT: '3402', PROVIDER_MTLS_URL: mtlsUrls.provider });
    expect(certified.frontend).toMatchObject({ BACKEND_MTLS_URL: mtlsUrls.backend });
    expect(certified.frontend).not.toHaveProperty('MTLS_PORT');
  });

  it('names no private file of another app', () => {
    for (const app of appNames) {
      const keys = Object.values(certified[app]).filter((value) => value.endsWith('.key'));
      expect(keys.filter((path) => !path.startsWith(`${app}/`))).toEqual([]);
    }
  });

  it('speaks plain HTTP at http URLs, and HTTPS only for certificates', () => {
    for (const app of appNames) expect(certified[app]).not.toHaveProperty('TLS_CERTIFICATE_PATH');
  });
});

describe('completeSecrets', () => {
  it('creates different keys of 32 bytes', () => {
    const values = Object.values(secrets);
    expect(new Set(values).size).toBe(values.length);
    for (const value of values) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
  });

  it('keeps the secrets that exist', () => {
    expect(completeSecrets(registry.apps, { providerGrantKey: 'kept' }).providerGrantKey).toBe('kept');
  });
});
