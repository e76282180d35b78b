import {
  createDatabases,
  type DatabaseUrls,
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  type RunningPostgres,
  type Stack,
  startPostgres,
  startTemporaryStack,
} from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, RelyingParty, signInAndConsent, type Tokens } from '@trefoil/testing';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupScripts } from './backup/backup-scripts.js';
import { findPostgresPrograms } from './backup/postgres-programs.js';
import { Worker } from './load/worker.js';

const APPS = ['provider', 'backend', 'frontend'] as const;
const programs = findPostgresPrograms();
const databasePasswords = { provider: 'provider-password', backend: 'backend-password', frontend: 'frontend-password' };

if (!programs)
  process.stderr.write('The tests of backup and restore are skipped: install the Debian package postgresql.\n');

(programs ? describe : describe.skip)('a backup taken under load', () => {
  const servers: RunningPostgres[] = [];
  let directory: string;
  let scripts: BackupScripts;
  let stack: Stack;
  let lost: RunningPostgres;
  let empty: RunningPostgres;
  let emptyUrls: DatabaseUrls;
  let client: RelyingParty;

  async function newServer(name: string): Promise<RunningPostgres> {
    const server = await startPostgres({ directory: join(directory, name), durable: false, binaries: programs });
    servers.push(server);
    return server;
  }

  const environmentOf = (urls: DatabaseUrls) => ({
    provider: { DATABASE_URL: urls.provider },
    backend: { DATABASE_URL: urls.backend },
    frontend: { DATABASE_URL: urls.frontend },
  });
  const signIn = () =>
    client.signIn({
      ...demoUsers.alice,
      scope: 'openid offline_access contacts:read',
      parameters: { resource: stack.urls.backend },
    });
  const profile = (browser: Browser) => browser.open(`${stack.urls.frontend}/profile`, { follow: false });
  async function signedInBrowser(): Promise<Browser> {
    const browser = new Browser();
    const page = await signInAndConsent(await browser.open(`${stack.urls.frontend}/profile`), demoUsers.bob);
    expect(page.text).toContain('bob@example.com');
    return browser;
  }

  beforeAll(async () => {
    directory = await makeTemporaryDirectory();
    scripts = new BackupScripts(programs?.directory ?? '', join(directory, 'backups'));
    mkdirSync(scripts.backups);
    lost = await newServer('lost');
    const urls = await createDatabases(lost.adminUrl, databasePasswords);
    // With a secret, refresh tokens are rotated, which the backup must survive.
    stack = await startTemporaryStack({ environment: environmentOf(urls), clientCertificates: false });
    client = await RelyingParty.discover({
      issuer: stack.urls.provider,
      ...demoClients.frontend,
      redirectUri: `${stack.urls.frontend}/callback`,
    });
    empty = await newServer('empty');
    emptyUrls = await createDatabases(empty.adminUrl, databasePasswords);
  }, 240_000);
  afterAll(async () => {
    await stack.stop();
    await Promise.all(servers.map((server) => server.stop()));
    removeTemporaryDirectory(directory);
  });

  let sessions: Browser[];
  let idle: Tokens;
  let replaced: Tokens;
  let busy: Tokens;

  it('is complete, checked, and names the keys without which it is useless', async () => {
    sessions = await Promise.all([signedInBrowser(), signedInBrowser()]);
    [idle, replaced, busy] = await Promise.all([signIn(), signIn(), signIn()]);
    const workers = [
      new Worker('sign-ins', async () => void (await signIn())),
      new Worker('refreshes', async () => void (busy = await client.refresh(busy))),
      new Worker('pages', async () => {
        for (const session of sessions) expect((await profile(session)).status).toBe(200);
      }),
    ];
    const written = await scripts.backup(lost.adminUrl);
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(workers.flatMap(({ failures }) => failures)).toEqual([]);
    expect(written).toMatchObject({ exitCode: 0, errors: '' });
    const [name = ''] = readdirSync(scripts.backups);
    expect(written.out).toBe(`wrote ${name}\n`);
    const manifest = readFileSync(join(scripts.backups, name, 'MANIFEST'), 'utf8');
    expect(manifest).toContain('ENCRYPTION_KEY and GRANT_KEY of the provider, ');
    expect(manifest).toContain('ENCRYPTION_KEY of the frontend\n');
  }, 120_000);

  it('is not restored into databases that are not empty', async () => {
    expect(await scripts.restore(lost.adminUrl, 'latest')).toMatchObject({
      exitCode: 5,
      errors: expect.stringContaining('trefoil_provider is not empty'),
    });
  });

  it('is not restored when it is damaged', async () => {
    const [name = ''] = readdirSync(scripts.backups);
    const file = join(scripts.backups, name, 'trefoil_backend.dump');
    const content = readFileSync(file);
    writeFileSync(file, content.subarray(0, -1));
    expect(await scripts.restore(empty.adminUrl, name)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('is damaged. Nothing was changed.'),
    });
    writeFileSync(file, content);
  });

  it('lets people go on with their sessions and refresh tokens in a new database', async () => {
    // Two more generations, which the backup does not have.
    const newer = await client.refresh(await client.refresh(replaced));
    busy = await client.refresh(busy);
    await Promise.all(APPS.map((app) => stack.kill(app, 'SIGTERM')));
    await lost.stop();
    expect(await scripts.restore(empty.adminUrl, 'latest')).toMatchObject({ exitCode: 0, errors: '' });
    for (const app of APPS) await stack.restart(app, environmentOf(emptyUrls)[app]);

    for (const session of sessions) {
      const page = await profile(session);
      expect(page.status).toBe(200);
      expect(page.text).toContain('bob@example.com');
    }
    expect((await client.refresh(idle)).refresh_token).toBeDefined();
    const refreshed = await client.refresh(newer);
    expect(refreshed.refresh_token).toBeDefined();
    expect((await client.refresh(busy)).refresh_token).toBeDefined();
    // A chain that went on after the restore is protected again.
    await client.refresh(refreshed);
    await expect(client.refresh(replaced)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(client.refresh(refreshed)).rejects.toMatchObject({ error: 'invalid_grant' });
  }, 120_000);

  it('is deleted when there are more than KEEP', async () => {
    const [first = ''] = readdirSync(scripts.backups);
    const written = await scripts.backup(empty.adminUrl, { KEEP: '1' });
    expect(written).toMatchObject({ exitCode: 0, out: expect.stringContaining(`deleted ${first}\n`) });
    expect(readdirSync(scripts.backups)).toHaveLength(1);
  });

  it('is never deleted because KEEP is wrong', async () => {
    const before = readdirSync(scripts.backups);
    expect(await scripts.backup(empty.adminUrl, { KEEP: '0' })).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('KEEP is "0"'),
    });
    expect(readdirSync(scripts.backups)).toEqual(before);
  });
});
