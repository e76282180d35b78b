import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError, loadConfiguration } from './configuration.js';
import { serverVariables } from './server-variables.js';
import { baseUrl, databaseUrl, identifier, names, secretKey, secretKeys } from './variables.js';

const schema = z.object({
  ...serverVariables,
  ISSUER: baseUrl(),
  DATABASE_URL: databaseUrl(),
  ENCRYPTION_KEY: secretKey(),
  USER_CLIENTS: names(),
});

const good = {
  PORT: '3001',
  ISSUER: 'https://id.example',
  DATABASE_URL: 'postgres://localhost/trefoil',
  ENCRYPTION_KEY: 'A'.repeat(43),
  USER_CLIENTS: 'frontend, api-docs',
};

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfiguration(schema, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
};

it('reads, converts and freezes the configuration', () => {
  const configuration = loadConfiguration(schema, good);
  expect(configuration).toMatchObject({ PORT: 3001, NODE_ENV: 'production', USER_CLIENTS: ['frontend', 'api-docs'] });
  expect(configuration.ENCRYPTION_KEY).toHaveLength(32);
  expect(Object.isFrozen(configuration)).toBe(true);
});

it.each([
  ['A'.repeat(43), 1],
  [`${'A'.repeat(43)},${'B'.repeat(43)}`, 2],
  [`${'A'.repeat(43)}\n${'B'.repeat(43)}=, ${'C'.repeat(43)}`, 3],
])('reads a list of keys in order: %j', (KEYS, count) => {
  const keys = loadConfiguration(z.object({ KEYS: secretKeys() }), { KEYS }).KEYS;
  expect(keys.map((key) => key.length)).toEqual(Array(count).fill(32));
  expect(keys[0]).toEqual(Buffer.from('A'.repeat(43), 'base64url'));
});

it.each(['', ',', 'short', `${'A'.repeat(43)},`, `${'A'.repeat(43)},hunter2`])(
  'refuses %j as a list of keys',
  (KEYS) => {
    expect(() => loadConfiguration(z.object({ KEYS: secretKeys() }), { KEYS })).toThrow(/^(?!.*hunter2)/s);
  },
);

it('names every missing and malformed variable at once', () => {
  const problems = problemsOf({ ...good, PORT: 'http', ISSUER: 'https://id.example/', DATABASE_URL: '' });
  expect(problems).toEqual([
    'PORT must be a number',
    'ISSUER must have no query, no fragment and no slash at the end',
    'DATABASE_URL is missing. Set it.',
  ]);
});

describe('a URL of plain HTTP', () => {
  const urls = z.object({
    ISSUER: baseUrl().describe('a'),
    API: baseUrl().optional(),
    KEYS: z.string().default('https://id.example/jwks'),
    ORIGINS: names().optional(),
    TABLE: z
      .string()
      .transform((text) => JSON.parse(text) as unknown)
      .optional(),
    AUDIENCE: identifier().regex(/e/).default('e'),
  });
  const other = 'http://id.example';
  const refused = (environment: object, schema: z.ZodObject = urls.extend(serverVariables)) => {
    try {
      loadConfiguration(schema, { PORT: '1', ISSUER: 'https://id.example', ...environment });
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems.map((problem) => problem.split(' ')[0]);
      throw error;
    }
  };

  it.each([
    ['the URL of a server', { ISSUER: other }],
    ['an optional URL', { API: other }],
    ['a text with a default', { KEYS: `${other}/jwks` }],
    ['a text in capitals', { KEYS: 'HTTP://id.example' }],
    ['a list', { ORIGINS: `https://a.example,${other}` }],
    ['a table', { TABLE: JSON.stringify([{ url: 'https://a.example', more: { jwks: `${other}/jwks` } }]) }],
    ['a malformed URL', { API: `${other}/` }],
  ])('is refused in %s, unless its origin is named (OAuth 2.1 §1.5)', (_, environment) => {
    const [name] = Object.keys(environment);
    expect(new Set(refused(environment))).toEqual(new Set([name]));
    const named = refused({ ...environment, PLAIN_HTTP_ORIGINS: other });
    expect(named).toEqual('API' in environment && environment.API !== other ? [name] : []);
  });

  it('is refused in all variables at once, on loopback only in production', () => {
    const plain = { ISSUER: other, API: 'http://localhost' };
    expect(refused(plain)).toEqual(['ISSUER', 'API']);
    expect(refused({ ...plain, NODE_ENV: 'development' })).toEqual(['ISSUER']);
    expect(refused({ ...plain, PLAIN_HTTP_ORIGINS: 'http://id.example,http://localhost' })).toEqual([]);
    expect(refused({ ...plain, NODE_ENV: 'prod' })).toEqual(['NODE_ENV']);
  });

  it('is named when it is one of several in a variable', () => {
    const TABLE = JSON.stringify([{ url: 'http://10.0.0.7:8080/v1', again: 'http://10.0.0.7:8080/v1' }]);
    expect(() => loadConfiguration(urls, { ISSUER: 'https://id.example', TABLE })).toThrow(
      /\n {2}TABLE contains http:\/\/10\.0\.0\.7:8080\/v1, which must be an https URL when NODE_ENV is production\. [^\n]+$/,
    );
  });

  it('is refused also by a schema without NODE_ENV and PLAIN_HTTP_ORIGINS, as in a command', () => {
    const plain = { API: 'http://localhost:3002' };
    expect(refused(plain, urls)).toEqual(['API']);
    expect(refused({ ...plain, NODE_ENV: 'development' }, urls)).toEqual([]);
    expect(refused({ ...plain, PLAIN_HTTP_ORIGINS: 'http://localhost:3002' }, urls)).toEqual([]);
  });

  it('is accepted as an identifier, because nothing is sent to it', () => {
    expect(refused({ AUDIENCE: 'http://api.example' })).toEqual([]);
  });
});

it('says what a missing variable is for', () => {
  const described = z.object({ PORT: z.string().describe('Port to listen on') });
  expect(() => loadConfiguration(described, {})).toThrow('PORT is missing. Set it: Port to listen on');
});

it('never repeats the value of a malformed secret', () => {
  expect(problemsOf({ ...good, ENCRYPTION_KEY: 'hunter2' }).join()).not.toContain('hunter2');
});

describe('a variable that comes from a file', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'trefoil-configuration-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is read without the newline at the end of the file', () => {
    const file = join(directory, 'database-url');
    writeFileSync(file, 'postgres://localhost/from-file\n');
    const { DATABASE_URL: _absent, ...rest } = good;
    expect(loadConfiguration(schema, { ...rest, DATABASE_URL_FILE: file }).DATABASE_URL).toBe(
      'postgres://localhost/from-file',
    );
  });

  it('must come from a readable file and not be set a second time', () => {
    const { DATABASE_URL: _absent, ...rest } = good;
    expect(problemsOf({ ...rest, DATABASE_URL_FILE: join(directory, 'nothing') })).toEqual([
      expect.stringContaining('DATABASE_URL_FILE names a file that cannot be read'),
    ]);
    expect(problemsOf({ ...good, DATABASE_URL_FILE: directory })).toEqual([
      'DATABASE_URL_FILE and DATABASE_URL must not both be set',
    ]);
  });
});
