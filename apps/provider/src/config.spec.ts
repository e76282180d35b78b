import { ConfigurationError, loadConfiguration } from '@trefoil/server-kit';
import { configSchema } from './config.js';

const environment = {
  NODE_ENV: 'development',
  PORT: '3001',
  ISSUER: 'http://localhost:3001',
  DATABASE_URL: 'postgres://localhost/provider',
  ENCRYPTION_KEY: 'A'.repeat(43),
  GRANT_KEY: 'A'.repeat(43),
};

const problemsOf = (changed: Record<string, string>): readonly string[] => {
  try {
    loadConfiguration(configSchema, { ...environment, ...changed });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
};

it('refuses plain HTTP in every variable but PLAIN_HTTP_ORIGINS, also in OUTBOUND_ALLOWED_ORIGINS (OAuth 2.1 §1.5)', () => {
  const names = Object.keys(configSchema.shape);
  expect(names.filter((name) => problemsOf({ [name]: 'http://other.example' }).length === 0)).toEqual([
    'PLAIN_HTTP_ORIGINS',
  ]);
  const allowed = { OUTBOUND_ALLOWED_ORIGINS: 'http://localhost:3000,http://app.svc' };
  const hint = 'If only a trusted network carries its requests, name its origin in PLAIN_HTTP_ORIGINS';
  expect(problemsOf(allowed)).toEqual([
    `OUTBOUND_ALLOWED_ORIGINS contains http://app.svc, which must be an https URL, or http on loopback. ${hint}`,
  ]);
  expect(problemsOf({ ...allowed, PLAIN_HTTP_ORIGINS: 'http://app.svc' })).toEqual([]);
});
