import { ConfigurationError, loadConfiguration } from '@trefoil/server-kit';
import { configSchema } from './config.js';

const HINT = 'If only a trusted network carries its requests, name its origin in PLAIN_HTTP_ORIGINS';

const environment = {
  NODE_ENV: 'development',
  PORT: '3000',
  PUBLIC_URL: 'http://localhost:3000',
  ISSUER: 'http://localhost:3001',
  CLIENT_ID: 'frontend',
  CLIENT_SECRET: 'secret',
  BACKEND_URL: 'http://localhost:3002',
  DATABASE_URL: 'postgres://localhost/trefoil_frontend',
  ENCRYPTION_KEY: 'A'.repeat(43),
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

describe('configuration', () => {
  it('accepts http on loopback and https everywhere', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ ISSUER: 'http://auth.localhost:3001', PUBLIC_URL: 'https://app.example' })).toEqual([]);
  });

  it.each([
    ['ISSUER', 'http://auth.example'],
    ['PUBLIC_URL', 'http://app.example'],
    ['BACKEND_URL', 'http://backend:3002'],
  ])(
    'refuses %s over plain http to another host, because others could read tokens and cookies on the way',
    (name, url) => {
      expect(problemsOf({ [name]: url })).toEqual([`${name} must be an https URL, or http on loopback. ${HINT}`]);
    },
  );

  it.each(['PUBLIC_URL', 'ISSUER', 'BACKEND_URL'])(
    'refuses %s in production unless it is https, or its origin is named for a hop inside a cluster (OAuth 2.1 §1.5)',
    (name) => {
      const https = {
        PUBLIC_URL: 'https://app.example',
        ISSUER: 'https://id.example',
        BACKEND_URL: 'https://api.example',
      };
      const production = { ...https, NODE_ENV: 'production', [name]: 'http://localhost:3005' };
      expect(problemsOf(production)).toEqual([`${name} must be an https URL when NODE_ENV is production. ${HINT}`]);
      expect(problemsOf({ ...production, PLAIN_HTTP_ORIGINS: 'http://localhost:3005' })).toEqual([]);
    },
  );

  it('refuses plain HTTP in every variable but PLAIN_HTTP_ORIGINS and identifiers (OAuth 2.1 §1.5)', () => {
    const accepted = Object.keys(configSchema.shape).filter(
      (name) => problemsOf({ [name]: 'http://other.example' }).length === 0,
    );
    expect(accepted).toEqual(['PLAIN_HTTP_ORIGINS', 'SIGN_IN_ACR_VALUES', 'BACKEND_AUDIENCE']);
  });

  it('refuses a PUBLIC_URL with a path, because cookies belong to the whole origin', () => {
    expect(problemsOf({ PUBLIC_URL: 'https://app.example/site' })).toEqual([
      'PUBLIC_URL must be an origin, without a path',
    ]);
  });

  const invoices = { name: 'invoices', resource: 'https://invoices.example', scopes: ['invoices:read'] };

  it.each<[string, unknown, string[]]>([
    ['one API', [invoices], []],
    ['all members', [{ ...invoices, url: 'https://10.0.0.7:8443', browserPaths: ['/v1/invoices'] }], []],
    ['a name twice', [invoices, invoices], ['must name each API once, and none of them backend']],
    [
      'the name of the backend',
      [{ ...invoices, name: 'backend' }],
      ['must name each API once, and none of them backend'],
    ],
    ['a bad name', [{ ...invoices, name: 'In' }], ['0.name: it must be lower-case letters, digits and hyphens']],
    [
      'plain http',
      [{ ...invoices, resource: 'http://a.example' }],
      [`contains http://a.example, which must be an https URL, or http on loopback. ${HINT}`],
    ],
    ['a bad scope', [{ ...invoices, scopes: ['a b'] }], ['0.scopes.0: it must be a scope token (RFC 6749 §3.3)']],
    [
      'a bad path',
      [{ ...invoices, browserPaths: ['/v1/'] }],
      ['0.browserPaths.0: it must be a path such as /v1/invoices'],
    ],
    ['no list', invoices, ['must be a JSON list']],
  ])('reads the table of further APIs with %s', (_, apis, problems) => {
    const expected = problems.map((problem) => (/^\d/.test(problem) ? `has a wrong value at ${problem}` : problem));
    expect(problemsOf({ APIS: JSON.stringify(apis) })).toEqual(expected.map((problem) => `APIS ${problem}`));
  });

  it('refuses an API with plain http in production, in its identifier and in its address (OAuth 2.1 §1.5)', () => {
    const https = {
      PUBLIC_URL: 'https://app.example',
      ISSUER: 'https://id.example',
      BACKEND_URL: 'https://api.example',
    };
    const apis = [{ ...invoices, resource: 'http://localhost:3005', url: 'http://invoices.svc:8080/v1' }];
    const production = { ...https, NODE_ENV: 'production', APIS: JSON.stringify(apis) };
    expect(problemsOf(production)).toEqual(
      ['http://localhost:3005', 'http://invoices.svc:8080/v1'].map(
        (url) => `APIS contains ${url}, which must be an https URL when NODE_ENV is production. ${HINT}`,
      ),
    );
    const named = 'http://localhost:3005,http://invoices.svc:8080';
    expect(problemsOf({ ...production, PLAIN_HTTP_ORIGINS: named })).toEqual([]);
  });

  it('refuses a table of APIs that is not JSON', () => {
    expect(problemsOf({ APIS: 'invoices' })).toEqual(['APIS must be a JSON list']);
  });

  it('reports all problems at once', () => {
    expect(problemsOf({ ENCRYPTION_KEY: 'short', SESSION_IDLE_SECONDS: '0', CLIENT_ID: '' })).toHaveLength(3);
  });

  it('accepts an issuer with a path and a slash at the end, and another address inside the cluster', () => {
    expect(problemsOf({ ISSUER: 'https://id.example/tenant/', ISSUER_INTERNAL_URL: 'https://id.svc' })).toEqual([]);
    const plain = { ISSUER: 'https://id.example', ISSUER_INTERNAL_URL: 'http://id.svc:3001' };
    expect(problemsOf(plain)).toEqual([expect.stringMatching(/^ISSUER_INTERNAL_URL must be an https URL/)]);
    expect(problemsOf({ ...plain, PLAIN_HTTP_ORIGINS: 'http://id.svc:3001' })).toEqual([]);
  });

  it('names settings that contradict each other', () => {
    const apis = '[{"name": "a", "resource": "https://a.example", "scopes": ["a"]}]';
    expect(problemsOf({ RESOURCE_PARAMETER: 'none', APIS: apis, BACKEND_AUDIENCE: 'b' })).toEqual([
      expect.stringMatching(/^APIS needs RESOURCE_PARAMETER=resource or audience/),
      expect.stringMatching(/^BACKEND_AUDIENCE is not sent with RESOURCE_PARAMETER=none/),
    ]);
    expect(problemsOf({ SIGN_IN_SCOPE: 'profile' })).toEqual(['SIGN_IN_SCOPE must begin with openid']);
  });
});
