import { appNames } from '../apps.js';
import { appEnvironments } from './environment.js';
import { completeSecrets } from './secrets.js';

const urls = {
  provider: 'http://localhost:3001',
  backend: 'http://localhost:3002',
  frontend: 'http://localhost:3000',
};
const databaseUrls = { provider: 'postgresql://p', backend: 'postgresql://b', frontend: 'postgresql://f' };
const secrets = completeSecrets({});
const environments = appEnvironments({ urls, databaseUrls, secrets });

describe('appEnvironments', () => {
  it('gives each app its own port and database, and the same issuer', () => {
    expect(appNames.map((app) => environments[app].PORT)).toEqual(['3001', '3002', '3000']);
    expect(appNames.map((app) => environments[app].DATABASE_URL)).toEqual(Object.values(databaseUrls));
    for (const app of appNames) expect(environments[app].ISSUER).toBe(urls.provider);
  });

  it('gives no app the secrets of another', () => {
    const kept = appNames.map((app) =>
      Object.values(environments[app]).filter((value) => Object.values(secrets).includes(value)),
    );
    expect(kept).toEqual([
      [secrets.providerEncryptionKey, secrets.grantKey],
      [secrets.dpopNonceKey],
      [secrets.frontendEncryptionKey],
    ]);
  });
});

describe('completeSecrets', () => {
  it('creates different keys of 32 bytes', () => {
    const values = Object.values(secrets);
    expect(new Set(values).size).toBe(values.length);
    for (const value of values) expect(Buffer.from(value as string, 'base64url')).toHaveLength(32);
  });

  it('keeps the secrets that exist', () => {
    expect(completeSecrets({ grantKey: 'kept' }).grantKey).toBe('kept');
  });
});
