import { tokenOptions } from '@trefoil/guards';
import { loadConfiguration } from '@trefoil/server-kit';
import { configSchema } from './config.js';

const environment = {
  NODE_ENV: 'development',
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

  it('lists every missing variable in one error', () => {
    // Of the three kinds of client authentication, one is needed.
    const names = [
      ...['PORT', 'PUBLIC_URL', 'ISSUER', 'CLIENT_ID', 'USER_CLIENTS', 'DATABASE_URL'],
      'CLIENT_CERTIFICATE_PATH',
    ];
    const problems = names.map((name) => `${name} is missing\\. Set it: .+`);
    expect(() => loadConfiguration(configSchema, {})).toThrow(new RegExp(problems.join('\n  ')));
  });

  it('requires at least one client in USER_CLIENTS', () => {
    expect(() => loadConfiguration(configSchema, { ...environment, USER_CLIENTS: ' ,' })).toThrow(
      'USER_CLIENTS must name at least one client',
    );
  });

  it.each(['PUBLIC_URL', 'ISSUER'])(
    'refuses %s in production unless it is https, or its origin is named for a hop inside a cluster (OAuth 2.1 §1.5)',
    (name) => {
      const https = { ...environment, PUBLIC_URL: 'https://api.example', ISSUER: 'https://id.example' };
      const production = { ...https, NODE_ENV: 'production', [name]: 'http://internal:3005' };
      expect(() => loadConfiguration(configSchema, production)).toThrow(`  ${name} must be an https URL when NODE_ENV`);
      const { PLAIN_HTTP_ORIGINS } = loadConfiguration(configSchema, {
        ...production,
        PLAIN_HTTP_ORIGINS: 'http://internal:3005, http://other',
      });
      expect(PLAIN_HTTP_ORIGINS).toEqual(['http://internal:3005', 'http://other']);
    },
  );

  it('refuses plain HTTP in every variable but PLAIN_HTTP_ORIGINS and identifiers (OAuth 2.1 §1.5)', () => {
    const settings = { ...environment, TOKEN_DIALECT: 'openid', ACCOUNT_SOURCE: 'userinfo-exchange' };
    const isAccepted = (name: string) => {
      try {
        return loadConfiguration(configSchema, { ...settings, [name]: 'http://other.example' }) !== undefined;
      } catch {
        return false;
      }
    };
    const claims = ['TOKEN_SUBJECT_CLAIM', 'TOKEN_SCOPE_CLAIM', 'TOKEN_ROLES_CLAIM'];
    expect(Object.keys(configSchema.shape).filter(isAccepted)).toEqual([
      'PLAIN_HTTP_ORIGINS',
      'TOKEN_AUDIENCE',
      ...claims,
      'ACCOUNT_AUDIENCE',
    ]);
    expect(() => loadConfiguration(configSchema, { ...settings, JWKS_URI: 'http://id.example/jwks' })).toThrow(
      '  JWKS_URI must be an https URL, or http on loopback. If only a trusted network carries its requests,',
    );
  });

  it.each(['https://internal', 'http://internal/path', 'internal:3005', 'http://internal:80', '*'])(
    'refuses %s among the origins that may use plain HTTP',
    (origin) => {
      expect(() => loadConfiguration(configSchema, { ...environment, PLAIN_HTTP_ORIGINS: origin })).toThrow(
        'PLAIN_HTTP_ORIGINS must be origins such as',
      );
    },
  );

  it.each([
    [{ TOKEN_ROLES_CLAIM: 'groups' }, 'TOKEN_ROLES_CLAIM changes no token of TOKEN_DIALECT=rfc9068'],
    [{ TOKEN_DIALECT: 'opaque' }, 'REVOCATION_SOURCE must be introspection with TOKEN_DIALECT=opaque'],
    [
      { TOKEN_DIALECT: 'opaque', REVOCATION_SOURCE: 'introspection', JWKS_URI: 'https://id.example/jwks' },
      'JWKS_URI has no effect with TOKEN_DIALECT=opaque',
    ],
    [{ INTROSPECTION_SECONDS: '5' }, 'INTROSPECTION_SECONDS has no effect with REVOCATION_SOURCE=stream'],
    [{ ACCOUNT_AUDIENCE: 'userinfo' }, 'ACCOUNT_AUDIENCE has no effect with ACCOUNT_SOURCE=account-api'],
    [{ RESOURCE_PARAMETER: 'none', REVOCATION_SOURCE: 'none' }, 'RESOURCE_PARAMETER must not be none'],
    [
      { PROVIDER_MTLS_URL: 'https://id.example:3443', ISSUER_INTERNAL_URL: 'https://id.svc' },
      'PROVIDER_MTLS_URL and ISSUER_INTERNAL_URL must not both be set',
    ],
  ])('names settings that contradict each other: %j', (settings, problem) => {
    expect(() => loadConfiguration(configSchema, { ...environment, ...settings })).toThrow(problem);
  });

  it('reads the claim by which the tokens of machines are recognised', () => {
    const settings = { TOKEN_DIALECT: 'openid', TOKEN_MACHINE_CLAIM: 'gty=client=credentials' };
    const { dialect } = tokenOptions(loadConfiguration(configSchema, { ...environment, ...settings }));
    expect(dialect).toMatchObject({ name: 'openid', machine: { claim: 'gty', value: 'client=credentials' } });
  });

  it.each(Object.entries(configSchema.shape))('has a description of %s', (_, schema) => {
    expect(schema.description).toBeTruthy();
  });
});
