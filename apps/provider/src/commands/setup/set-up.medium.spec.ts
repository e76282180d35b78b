import { runMigrations } from '@trefoil/server-kit';
import { testDatabase } from '@trefoil/testing';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { providerDataSource } from '../../database/data-source.js';
import { demoEntities, seedDemo } from '../../demo/seed-demo.js';
import { sharedSecrets, trefoil } from '../../testing/command-line.js';

const ISSUER = 'https://auth.example.com';
const URLS = ['--frontend-url', 'https://app.example.com', '--backend-url', 'https://api.example.com'];
const PASSWORD = 'a password of an administrator';
const ADMINISTRATOR = ['--admin-email', 'Ada@example.com', '--admin-password-stdin'];
const EMPTY = 'The database of the provider lacks';

let directory: string;
let database: pg.Client;
let environment: Record<string, string>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trefoil-setup-'));
  const DATABASE_URL = await testDatabase();
  database = new pg.Client({ connectionString: DATABASE_URL });
  await database.connect();
  environment = { ...sharedSecrets(), DATABASE_URL, ISSUER, NODE_ENV: 'production' };
});
afterEach(async () => {
  await database.end();
  rmSync(directory, { recursive: true });
});

const migrate = () => runMigrations(providerDataSource(environment.DATABASE_URL ?? ''));
const setup = (...options: string[]) =>
  trefoil(environment, ['setup', ...URLS, ...options, '--json'], { input: `${PASSWORD}\n` });
const setupWithAdministrator = (...options: string[]) => setup(...ADMINISTRATOR, ...options);

/** Returns every row of every table, as text. */
async function contents(): Promise<Record<string, string[]>> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const entries = [];
  for (const { name } of tables) {
    const { rows } = await database.query<{ text: string }>(`SELECT row_to_json(t)::text AS text FROM ${name} t`);
    entries.push([name, rows.map(({ text }) => text).sort()] as const);
  }
  return Object.fromEntries(entries);
}

describe('on an empty, migrated database', () => {
  beforeEach(migrate);

  it('creates the resource servers, keys, secrets, clients and the first administrator', async () => {
    const { exitCode, json, notes } = await setupWithAdministrator();
    expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: '' });
    expect(json).toMatchObject({
      changed: true,
      issuer: ISSUER,
      resource_servers: expect.arrayContaining([`${ISSUER}/api`, 'https://api.example.com']),
      clients: expect.arrayContaining(['frontend', 'backend']),
      administrators: ['ada@example.com'],
      signing_keys: 4,
      environments: {
        backend: {
          NODE_ENV: 'production',
          PUBLIC_URL: 'https://api.example.com',
          ISSUER,
          CLIENT_ID: 'backend',
          CLIENT_SECRET: expect.stringMatching(/^[\w-]{43}$/),
          USER_CLIENTS: 'frontend',
        },
        frontend: {
          PUBLIC_URL: 'https://app.example.com',
          ISSUER,
          BACKEND_URL: 'https://api.example.com',
          CLIENT_ID: 'frontend',
          CLIENT_SECRET: expect.stringMatching(/^[\w-]{43}$/),
          ENCRYPTION_KEY: expect.stringMatching(/^[\w-]{43}$/),
        },
      },
    });
    const { rows: events } = await database.query<{ type: string }>('SELECT type FROM security_events ORDER BY id');
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['client-registered', 'signing-key-created', 'user-created']),
    );
    const { rows: secrets } = await database.query('SELECT name FROM server_secrets');
    expect(secrets).toEqual([{ name: 'pairwise-subjects' }]);
  });

  describe('with certificates of the frontend and the backend', () => {
    const MTLS = { MTLS_PORT: '3443', MTLS_URL: 'https://mtls.example.com', CLIENT_CA_PATH: '/etc/trefoil/ca.pem' };
    const CERTIFICATES = ['--frontend-certificate', 'dns:frontend', '--backend-certificate', 'dn:CN=backend,O=Example'];

    it('registers both without a secret, with certificate-bound tokens (RFC 8705 §2.1, §3)', async () => {
      environment = { ...environment, ...MTLS };
      const { exitCode, json } = await setupWithAdministrator('--secrets-dir', directory, ...CERTIFICATES);
      expect(exitCode).toBe(0);
      const { environments } = json as { environments: Record<string, Record<string, string>> };
      expect(environments.backend).toMatchObject({ PROVIDER_MTLS_URL: MTLS.MTLS_URL });
      for (const app of ['frontend', 'backend']) {
        expect(Object.keys(environments[app] ?? {}).filter((name) => name.startsWith('CLIENT_SECRET'))).toEqual([]);
      }
      const { client_secrets: secrets } = await contents();
      expect(secrets).toEqual([]);
      const { rows } = await database.query(
        `SELECT client_id, token_endpoint_auth_method AS method, tls_client_auth_san_dns AS dns,
           tls_client_auth_subject_dn AS dn, tls_client_certificate_bound_access_tokens AS bound
         FROM clients ORDER BY client_id`,
      );
      expect(rows).toEqual([
        { client_id: 'backend', method: 'tls_client_auth', dns: null, dn: 'CN=backend,O=Example', bound: true },
        { client_id: 'frontend', method: 'tls_client_auth', dns: 'frontend', dn: null, bound: true },
      ]);
      expect((await setup('--secrets-dir', directory)).json).not.toHaveProperty('outdated_secret_files');
    });

    it.each([
      ['a subject of an unknown kind', 'frontend', 'must begin with dns:, uri: or dn:', 2],
      ['a name that is none', 'dns:*.example.com', 'must be dns: followed by a DNS name without wildcard', 2],
    ])('refuses %s', async (_, subject, message, exitCode) => {
      environment = { ...environment, ...MTLS };
      const refused = await setupWithAdministrator('--frontend-certificate', subject);
      expect(refused).toMatchObject({ exitCode, notes: expect.stringContaining(message) });
    });

    it('refuses them while the provider gets no certificates, and changes nothing', async () => {
      const before = await contents();
      expect(await setupWithAdministrator(...CERTIFICATES)).toMatchObject({
        exitCode: 5,
        notes: expect.stringContaining('Set MTLS_PORT, MTLS_URL and CLIENT_CA_PATH'),
      });
      expect(await contents()).toEqual(before);
    });
  });

  it('asks a person for the administrator and for confirmation', async () => {
    const replies = ['ada@example.com', PASSWORD, PASSWORD, 'n'];
    const refused = await trefoil(environment, ['setup', ...URLS], { replies });
    expect(refused).toMatchObject({
      exitCode: 4,
      notes: expect.stringContaining(`Set up ${ISSUER} in this database?`),
    });
    expect((await contents()).users).toEqual([]);
    const done = await trefoil(environment, ['setup', ...URLS], { replies: [...replies.slice(0, 3), 'y'] });
    expect(done).toMatchObject({ exitCode: 0, out: expect.stringContaining('CLIENT_SECRET=') });
    expect((await contents()).users).toHaveLength(1);
  });

  it('says on a second run what is there, and changes nothing', async () => {
    await setupWithAdministrator('--secrets-dir', directory);
    const before = await contents();
    const again = await setup('--secrets-dir', join(directory, 'other'));
    expect(again).toMatchObject({
      exitCode: 0,
      json: { changed: false, clients: expect.arrayContaining(['frontend', 'backend']) },
    });
    expect(again.json).not.toHaveProperty('environments');
    expect(await contents()).toEqual(before);
    expect(existsSync(join(directory, 'other'))).toBe(false);
  });

  it('names on a second run the secret files with which the apps cannot authenticate', async () => {
    await setupWithAdministrator('--secrets-dir', directory);
    expect((await setup('--secrets-dir', directory)).json).not.toHaveProperty('outdated_secret_files');
    const [frontend, backend] = ['frontend', 'backend'].map((app) => join(directory, app, 'client-secret'));
    rmSync(frontend ?? '');
    writeFileSync(backend ?? '', 'x'.repeat(43));
    const { exitCode, json } = await setup('--secrets-dir', directory);
    expect({ exitCode, json }).toMatchObject({ exitCode: 0, json: { outdated_secret_files: [frontend, backend] } });
  });

  it('of two runs at the same time one creates the installation, and the other says what is there', async () => {
    const results = await Promise.all([
      setupWithAdministrator('--secrets-dir', directory),
      setupWithAdministrator('--secrets-dir', directory),
    ]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(results.map(({ json }) => (json as { changed: boolean }).changed).sort()).toEqual([false, true]);
    const { users, clients, client_secrets: secrets } = await contents();
    expect([users, clients, secrets].map((rows) => rows?.length)).toEqual([1, 2, 2]);
  });

  it('writes client secrets that only their owner can read, and does not print them', async () => {
    const { out, json } = await setupWithAdministrator('--secrets-dir', directory);
    for (const app of ['frontend', 'backend']) {
      const file = join(directory, app, 'client-secret');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8')).toMatch(/^[\w-]{43}$/);
      expect(out).not.toContain(readFileSync(file, 'utf8'));
      expect(json).toMatchObject({ environments: { [app]: { CLIENT_SECRET_FILE: file } } });
    }
  });

  it('uses a client secret that exists, and keeps its file as it is', async () => {
    const file = join(directory, 'backend', 'client-secret');
    mkdirSync(join(directory, 'backend'));
    writeFileSync(file, `${'s'.repeat(43)}\n`);
    chmodSync(file, 0o444);
    expect(await setupWithAdministrator('--secrets-dir', directory)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file, 'utf8')).toBe(`${'s'.repeat(43)}\n`);
    const { rows } = await database.query(
      `SELECT FROM client_secrets WHERE client_id = 'backend' AND secret_hash = sha256($1)`,
      [Buffer.from('s'.repeat(43))],
    );
    expect(rows).toHaveLength(1);
  });

  it('leaves nothing behind when it fails half way', async () => {
    const before = await contents();
    mkdirSync(join(directory, 'backend'));
    writeFileSync(join(directory, 'backend', 'client-secret'), 'too short');
    const failed = await setupWithAdministrator('--secrets-dir', directory);
    expect(failed).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('at least 32 printable ASCII characters'),
    });
    expect(await contents()).toEqual(before);
    expect(existsSync(join(directory, 'frontend', 'client-secret'))).toBe(false);
  });

  it('removes the files that it wrote when the database refuses a row', async () => {
    await database.query('ALTER TABLE users ADD CONSTRAINT refused CHECK (false) NOT VALID');
    const before = await contents();
    expect(await setupWithAdministrator('--secrets-dir', directory)).toMatchObject({ exitCode: 1 });
    expect(await contents()).toEqual(before);
    expect(existsSync(join(directory, 'frontend', 'client-secret'))).toBe(false);
    expect(existsSync(join(directory, 'backend', 'client-secret'))).toBe(false);
  });

  it.each([
    ['a weak password', [...ADMINISTRATOR], 'short', '--admin-password-stdin must be one line of 15 to 200 characters'],
    ['a password of the demo', [...ADMINISTRATOR], 'admin-demo-password', 'must not be a password of the demo'],
    [
      'no administrator without a terminal',
      [],
      PASSWORD,
      'use --admin-email with --admin-password-file or --admin-password-stdin',
    ],
    [
      'no password without a terminal',
      ADMINISTRATOR.slice(0, 2),
      PASSWORD,
      '--admin-password-file or --admin-password-stdin',
    ],
    [
      'a wrong e-mail address',
      ['--admin-email', 'ada', '--admin-password-stdin'],
      PASSWORD,
      '--admin-email "ada" is not an e-mail address',
    ],
    [
      'a file that does not exist',
      ['--admin-email', 'ada@example.com', '--admin-password-file', '/nowhere'],
      PASSWORD,
      'cannot be read: /nowhere',
    ],
    ['two passwords', [...ADMINISTRATOR, '--admin-password-file', '/nowhere'], PASSWORD, 'exclude each other'],
  ])('refuses %s and changes nothing', async (_what, options, input, message) => {
    const before = await contents();
    const refused = await trefoil(environment, ['setup', ...URLS, ...options], { input });
    expect(refused).toMatchObject({ exitCode: 2, out: '', notes: expect.stringContaining(message) });
    expect(await contents()).toEqual(before);
  });

  it.each([
    ['--frontend-url', 'http://localhost:3000', 'https://api.example.com'],
    ['--backend-url', 'https://app.example.com', 'http://api.example.com'],
  ])('refuses %s that is not https in production', async (name, frontend, backend) => {
    const before = await contents();
    const args = ['setup', '--frontend-url', frontend, '--backend-url', backend, ...ADMINISTRATOR];
    const refused = await trefoil(environment, args, { input: PASSWORD });
    expect(refused).toMatchObject({ exitCode: 2, out: '' });
    expect(refused.notes).toBe(`error: ${name} must be an https URL when NODE_ENV is production\n`);
    expect(await contents()).toEqual(before);
  });

  it.each(['http://auth.example.com', 'http://localhost:3001'])(
    'refuses the issuer %s in production, because it is not https',
    async (issuer) => {
      const before = await contents();
      const args = ['setup', ...URLS, ...ADMINISTRATOR];
      const refused = await trefoil({ ...environment, ISSUER: issuer }, args, { input: PASSWORD });
      expect(refused).toMatchObject({ exitCode: 1, out: '' });
      expect(refused.notes).toContain('  ISSUER must be an https URL when NODE_ENV is production. If only');
      expect(await contents()).toEqual(before);
    },
  );

  it.each([
    ['--frontend-url', 'https://app.example.com/path', 'https://api.example.com', 'must be an origin, without a path'],
    ['--frontend-url', 'app.example.com', 'https://api.example.com', 'must be an http or https URL'],
    ['--backend-url', 'https://app.example.com', 'https://api.example.com/', 'no slash at the end'],
    ['--backend-url', 'https://app.example.com', ISSUER, 'must differ'],
  ])('refuses the wrong %s of %s and %s', async (name, frontend, backend, message) => {
    const args = ['setup', '--frontend-url', frontend, '--backend-url', backend, ...ADMINISTRATOR];
    const refused = await trefoil(environment, args, { input: PASSWORD });
    expect(refused).toMatchObject({ exitCode: 2, notes: expect.stringContaining(name) });
    expect(refused.notes).toContain(message);
  });

  it('allows http on loopback, and on no other host, outside of production', async () => {
    const development = { ...environment, NODE_ENV: 'development', ISSUER: 'http://localhost:3001' };
    const args = ['setup', '--backend-url', 'http://api.localhost:3002', ...ADMINISTRATOR];
    const other = await trefoil(development, [...args, '--frontend-url', 'http://app.example.com'], {
      input: PASSWORD,
    });
    expect(other).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('must be an https URL, or http on loopback'),
    });
    const loopback = await trefoil(development, [...args, '--frontend-url', 'http://127.0.0.1:3000'], {
      input: PASSWORD,
    });
    expect(loopback).toMatchObject({ exitCode: 0 });
  });

  it('refuses a database with rows of something else, says what they are, and changes nothing', async () => {
    await database.query(
      `INSERT INTO users (id, email, password_hash) VALUES (gen_random_uuid(), 'x@example.com', '')`,
    );
    await database.query('CREATE TABLE "Orders" (id integer)');
    await database.query('INSERT INTO "Orders" VALUES (1), (2)');
    const before = await contents();
    const refused = await setupWithAdministrator('--secrets-dir', directory);
    expect(refused).toMatchObject({ exitCode: 5, out: '' });
    expect(refused.notes).toContain('It holds 2 rows in Orders, 1 row in users. Nothing was changed.');
    expect(await contents()).toEqual(before);
  });

  it('refuses the demo data in production, and accepts it elsewhere', async () => {
    const seeding = await new DataSource(providerDataSource(environment.DATABASE_URL ?? '', demoEntities)).initialize();
    await seedDemo(seeding, {
      issuer: ISSUER,
      frontend: 'https://app.example.com',
      backend: 'https://api.example.com',
    });
    await seeding.destroy();
    const refused = await setupWithAdministrator();
    expect(refused).toMatchObject({ exitCode: 5, notes: expect.stringContaining('The database holds the demo data') });
    environment = { ...environment, NODE_ENV: 'development' };
    expect(await setupWithAdministrator()).toMatchObject({ exitCode: 0, json: { changed: false } });
  });

  it('refuses the installation of another issuer', async () => {
    await setupWithAdministrator();
    const before = await contents();
    const other = { ...environment, ISSUER: 'https://id.example.com' };
    const refused = await trefoil(other, ['setup', ...URLS, ...ADMINISTRATOR], { input: PASSWORD });
    expect(refused).toMatchObject({
      exitCode: 5,
      notes: expect.stringContaining('not an installation of https://id.example.com'),
    });
    expect(await contents()).toEqual(before);
  });

  it('refuses the database of another server', async () => {
    await database.query('DELETE FROM migrations');
    await database.query(`INSERT INTO migrations (timestamp, name) VALUES (1, 'CreateInvoices1')`);
    const refused = await setupWithAdministrator();
    expect(refused).toMatchObject({ exitCode: 1, notes: expect.stringContaining('does not know: CreateInvoices1') });
  });

  it('refuses a database that an older version has migrated', async () => {
    await database.query('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    expect(await setupWithAdministrator()).toMatchObject({
      exitCode: 1,
      notes: expect.stringContaining(`${EMPTY} 1 of`),
    });
  });
});

it('refuses a database that is not migrated, and names the command', async () => {
  const refused = await setupWithAdministrator();
  expect(refused).toMatchObject({ exitCode: 1, out: '', notes: expect.stringContaining(EMPTY) });
  expect(refused.notes).toContain('node apps/provider/dist/migrate.js');
  expect(await contents()).toEqual({});
});
