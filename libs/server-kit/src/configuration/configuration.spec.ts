import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError, loadConfiguration } from './configuration.js';
import { serverVariables } from './server-variables.js';
import { baseUrl, databaseUrl, names, secretKey, secretKeys } from './variables.js';

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

it('refuses plain HTTP in every URL of a server, also in an optional one, and names all of them', () => {
  const urls = z.object({
    ...serverVariables,
    PORT: z.string(),
    ISSUER: baseUrl().describe('a'),
    API: baseUrl().optional(),
  });
  const plain = { PORT: '1', ISSUER: 'http://id.example', API: 'http://localhost' };
  const refused = (environment: object) => {
    try {
      loadConfiguration(urls, { ...plain, ...environment });
      return [];
    } catch (error) {
      return error instanceof ConfigurationError ? error.problems.map((problem) => problem.split(' ')[0]) : error;
    }
  };
  expect(refused({})).toEqual(['ISSUER', 'API']);
  expect(refused({ NODE_ENV: 'development' })).toEqual(['ISSUER']);
  expect(refused({ PLAIN_HTTP_ORIGINS: 'http://id.example,http://localhost' })).toEqual([]);
  expect(refused({ NODE_ENV: 'prod' })).toEqual(['NODE_ENV']);
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
