import { loadConfiguration } from '@trefoil/server-kit';
import { configSchema } from './config.js';

const environment = {
  PORT: '3002',
  PUBLIC_URL: 'http://localhost:3002',
  ISSUER: 'http://localhost:3001',
  CLIENT_ID: 'backend',
  CLIENT_SECRET: 'secret',
  USER_CLIENTS: 'frontend, api-docs',
  DATABASE_URL: 'postgres://localhost/backend',
};

describe('the configuration', () => {
  it('is read from the environment', () => {
    const { PORT, USER_CLIENTS } = loadConfiguration(configSchema, environment);
    expect([PORT, USER_CLIENTS]).toEqual([3002, ['frontend', 'api-docs']]);
  });

  it('names everything that is missing at once', () => {
    const names = ['PORT', 'PUBLIC_URL', 'ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'USER_CLIENTS', 'DATABASE_URL'];
    expect(() => loadConfiguration(configSchema, {})).toThrow(names.map((name) => `${name} is missing`).join('\n  '));
  });

  it('refuses to name no client', () => {
    expect(() => loadConfiguration(configSchema, { ...environment, USER_CLIENTS: ' ,' })).toThrow(
      'USER_CLIENTS must name at least one client',
    );
  });

  it.each(Object.entries(configSchema.shape))('describes %s', (_, schema) => {
    expect(schema.description).toBeTruthy();
  });
});
