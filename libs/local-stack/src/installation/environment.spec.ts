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
