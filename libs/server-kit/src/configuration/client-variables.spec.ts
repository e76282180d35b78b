import { Authority, type KeyPair } from '@trefoil/pki';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import { PresentedCertificate } from '../tls/presented-certificate.js';
import { clientCredentials, clientVariables, withClientAuthentication } from './client-variables.js';
import { ConfigurationError, loadConfiguration } from './configuration.js';

const schema = withClientAuthentication(z.object({ PORT: z.string(), ...clientVariables }));
const CERTIFICATE = { CLIENT_CERTIFICATE_PATH: 'client.pem', CLIENT_KEY_PATH: 'client.key' };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfiguration(schema, { PORT: '1', CLIENT_ID: 'backend', ...environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe('the client authentication of a server', () => {
  it.each<[string, Record<string, string>]>([
    ['a certificate', CERTIFICATE],
    ['a key for private_key_jwt', { CLIENT_ASSERTION_KEY_PATH: 'key.json' }],
    ['a secret', { CLIENT_SECRET: 'secret' }],
  ])('is %s', (_, environment) => {
    expect(problemsOf(environment)).toEqual([]);
  });

  it.each<[Record<string, string>, string]>([
    [{}, 'CLIENT_CERTIFICATE_PATH is missing. Set it:'],
    [{ ...CERTIFICATE, CLIENT_SECRET: 'secret' }, 'CLIENT_SECRET and CLIENT_CERTIFICATE_PATH must not both be set'],
    [
      { CLIENT_ASSERTION_KEY_PATH: 'key.json', CLIENT_SECRET: 'secret' },
      'CLIENT_SECRET and CLIENT_ASSERTION_KEY_PATH must not both be set',
    ],
    [{ CLIENT_CERTIFICATE_PATH: 'client.pem' }, 'CLIENT_KEY_PATH is missing, and CLIENT_CERTIFICATE_PATH is set'],
    [
      { CLIENT_KEY_PATH: 'client.key', CLIENT_SECRET: 'secret' },
      'CLIENT_CERTIFICATE_PATH is missing, and CLIENT_KEY_PATH is set',
    ],
  ])('is refused when it is %j', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringContaining(problem)]);
  });

  it('is reported together with the problems of other variables', () => {
    expect(problemsOf({ PORT: '' })).toEqual([
      expect.stringContaining('PORT is missing'),
      expect.stringContaining('CLIENT_CERTIFICATE_PATH is missing'),
    ]);
  });
});

describe('the files of the credentials', () => {
  let folder: string;
  let issuing: Authority;
  let paths: { certificate: string; key: string };

  beforeAll(async () => {
    issuing = await (await Authority.createRoot('Root')).createIssuing('Issuing');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trefoil-client-'));
    paths = { certificate: join(folder, 'client.pem'), key: join(folder, 'client.key') };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write({ certificate, key }: KeyPair): void {
    writeFileSync(paths.key, key);
    writeFileSync(paths.certificate, certificate);
  }

  const credentials = (environment: object) =>
    clientCredentials({ CLIENT_CERTIFICATE_PATH: undefined, CLIENT_KEY_PATH: undefined, ...environment });

  it.each([
    ['are missing', () => undefined, 'client.pem cannot be read (ENOENT)'],
    ['belong to different certificates', mixed, 'does not belong to the certificate'],
    ['have expired', expired, 'expired at'],
  ])('are refused at the start when they %s, by an error that names the file', async (_, prepare, message) => {
    await prepare();
    const environment = { CLIENT_CERTIFICATE_PATH: paths.certificate, CLIENT_KEY_PATH: paths.key };
    expect(() => credentials(environment)).toThrow(ConfigurationError);
    expect(() => credentials(environment)).toThrow(message);
  });

  it('hold a private JWK for private_key_jwt', () => {
    const path = join(folder, 'key.json');
    const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd', kid: '1', alg: 'ES256' };
    writeFileSync(path, JSON.stringify(jwk));
    expect(credentials({ CLIENT_ASSERTION_KEY_PATH: path })).toEqual({ privateKey: jwk });
    writeFileSync(path, JSON.stringify({ ...jwk, d: undefined }));
    expect(() => credentials({ CLIENT_ASSERTION_KEY_PATH: path })).toThrow(
      'key.json does not hold a private JWK with kid and alg',
    );
  });

  it('are used without a restart when they change, and the old ones stay while the new ones cannot be used', async () => {
    write(await issuing.issueClient('frontend'));
    const presented = new PresentedCertificate(paths);
    const errors: string[] = [];
    const log = { error: (message: string) => errors.push(message) } as unknown as FastifyBaseLogger;
    const server = createServer().listen(0);
    presented.watch({ server, log }, 5);
    try {
      const first = presented.current;
      writeFileSync(paths.certificate, 'half of a');
      await until(async () => (await presented.healthCheck.check()) !== undefined);
      expect(presented.current).toBe(first);
      expect(errors).toEqual([expect.stringContaining('client.pem does not hold a certificate in PEM')]);
      const renewed = await issuing.issueClient('frontend');
      write(renewed);
      await until(() => presented.current !== first);
      expect(presented.current).toMatchObject({ cert: renewed.certificate, key: renewed.key });
      expect(await presented.healthCheck.check()).toBeUndefined();
    } finally {
      server.close();
    }
  });

  async function mixed(): Promise<void> {
    write(await issuing.issueClient('frontend'));
    writeFileSync(paths.key, (await issuing.issueClient('frontend')).key);
  }

  async function expired(): Promise<void> {
    write(await issuing.issueClient('frontend', { notBefore: new Date(0), notAfter: new Date(1000) }));
  }
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}
