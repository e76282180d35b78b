import { makeTemporaryDirectory, removeTemporaryDirectory } from '@trefoil/local-stack';
import { Authority } from '@trefoil/pki';
import { Browser, demoClients, demoUsers, signInAndConsent } from '@trefoil/testing';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ComposeProject, hasDockerEngine } from './compose/compose-project.js';

/** A loopback address at which no other program listens. The URLs have the standard port. */
const ADDRESS = '127.0.11.1';
const HOSTS = { AUTH_HOST: 'auth.trefoil.test', APP_HOST: 'app.trefoil.test', API_HOST: 'api.trefoil.test' };
const FILES = ['docker-compose.yml', 'docker-compose.production.yml'];
const provider = `https://${HOSTS.AUTH_HOST}`;
const frontend = `https://${HOSTS.APP_HOST}`;
const backend = `https://${HOSTS.API_HOST}`;
const ada = { username: 'ada@example.com', password: 'a password of an administrator' };

(hasDockerEngine ? describe : describe.skip)('docker-compose.production.yml', () => {
  let directory: string;
  let authority: string;
  let environment: Record<string, string>;
  let project: ComposeProject;

  beforeAll(async () => {
    directory = await makeTemporaryDirectory();
    const root = await Authority.createRoot('Trefoil test root');
    authority = root.pair.certificate;
    const issuing = await root.createIssuing('Trefoil test authority');
    const { certificate, key } = await issuing.issueServer(HOSTS.AUTH_HOST, Object.values(HOSTS));
    writeFileSync(join(directory, 'fullchain.pem'), certificate);
    writeFileSync(join(directory, 'privkey.pem'), key, { mode: 0o600 });
    writeFileSync(join(directory, 'ca.pem'), authority);
    writeFileSync(join(directory, 'admin-password'), `${ada.password}\n`, { mode: 0o600 });
    environment = {
      ...HOSTS,
      TREFOIL_IMAGE: 'trefoil:test',
      CERTIFICATES: directory,
      PRIVATE_CA_FILE: join(directory, 'ca.pem'),
      ADMIN_EMAIL: ada.username,
      ADMIN_PASSWORD_FILE: join(directory, 'admin-password'),
      HTTPS_PORT: `${ADDRESS}:443`,
    };
    project = new ComposeProject('trefoil-test-production', FILES, environment);
    await project.up();
  }, 600_000);
  afterAll(async () => {
    await project.down();
    removeTemporaryDirectory(directory);
  }, 120_000);

  const newBrowser = (headers?: Record<string, string>) => new Browser({ ca: authority, address: ADDRESS, headers });
  async function signedIn(): Promise<Browser> {
    const browser = newBrowser();
    const page = await signInAndConsent(await browser.open(`${frontend}/profile`), ada);
    expect(page.text).toContain(ada.username);
    return browser;
  }
  const post = (path: string, authorization: string, body: Record<string, string>) =>
    newBrowser({ authorization }).post(`${provider}${path}`, body);
  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

  it.each(['AUTH_HOST', 'APP_HOST', 'API_HOST', 'CERTIFICATES', 'TREFOIL_IMAGE'])(
    'refuses to start without %s, and says what to set',
    async (name) => {
      const { exitCode, errors } = await project.run(['config', '--quiet'], { [name]: '' });
      expect(exitCode).not.toBe(0);
      expect(errors).toContain(`Set ${name} to the`);
    },
  );

  it('starts nothing of the demo, in production mode, whatever the profile is', async () => {
    const services = await project.run(['config', '--services'], { COMPOSE_PROFILES: 'demo' });
    expect(services.out).not.toContain('demo');
    const { out: config } = await project.run(['config'], { COMPOSE_PROFILES: 'demo' });
    expect(config).not.toMatch(/demo-|NODE_ENV: development/);
  });

  it.each(Object.values(demoUsers))('nobody signs in as $username of the demo', async ({ username, password }) => {
    const page = await newBrowser().open(`${frontend}/profile`);
    const refused = await signInAndConsent(page, { username, password });
    expect(refused.url.origin).toBe(provider);
    expect(refused.has('#login')).toBe(true);
  });

  it.each(Object.values(demoClients))('the secret of $clientId of the demo is refused', async (client) => {
    const authorization = basic(client.clientId, client.clientSecret);
    const refused = await post('/token', authorization, { grant_type: 'client_credentials' });
    expect(refused.status).toBe(401);
    expect(JSON.parse(refused.body)).toMatchObject({ error: 'invalid_client' });
  });

  it.each(['demo-cli', 'api-docs'])('the public client %s of the demo is unknown', async (client_id) => {
    const refused = await newBrowser().post(`${provider}/device_authorization`, { client_id });
    expect(refused.status).toBe(401);
  });

  it('nobody registers a client with the initial access token of the demo', async () => {
    expect((await post('/register', 'Bearer demo-initial-access-token', {})).status).toBe(401);
  });

  it('publishes the gateway alone, and neither metrics nor health', async () => {
    const { out } = await project.run(['ps', '--format', '{{.Service}} {{.Ports}}']);
    const published = out.split('\n').filter((line) => line.includes('->'));
    expect(published).toEqual([expect.stringMatching(/^gateway /)]);
    for (const url of [provider, frontend, backend])
      for (const path of ['/metrics', '/health/ready'])
        expect((await newBrowser().open(`${url}${path}`)).status).toBe(404);
  });

  it('lets the administrator sign in, and a machine client from outside export contacts', async () => {
    const browser = await signedIn();
    const form = await browser.open(`${frontend}/contacts/new`);
    expect((await form.submit('#save', { name: 'Grace Hopper' })).text).toContain('Grace Hopper');
    const create = 'client create --id nightly --name Nightly --grant-type client_credentials --scope contacts:export';
    const trefoil = ['exec', '-T', 'provider', 'node', 'apps/provider/dist/trefoil.js'];
    const created = JSON.parse(await project.succeed(...trefoil, ...create.split(' '), '--json')) as {
      client_secret: string;
    };
    const request = { grant_type: 'client_credentials', scope: 'contacts:export' };
    const answer = await post('/token', basic('nightly', created.client_secret), request);
    const { access_token: token } = JSON.parse(answer.body) as { access_token: string };
    const exported = await newBrowser({ authorization: `Bearer ${token}` }).open(`${backend}/v1/exports/contacts`);
    expect(exported.body).toContain('"name":"Grace Hopper"');
  });

  it('restores a backup after the loss of the database, and people go on', async () => {
    const browser = await signedIn();
    expect(await project.succeed('run', '--rm', 'backup')).toContain('wrote 2');
    const refused = await project.run(['run', '--rm', 'restore', 'latest']);
    expect(refused).toMatchObject({ exitCode: 5, errors: expect.stringContaining('is not empty') });

    await project.succeed('down', '--timeout', '20');
    await project.dropVolume('postgres-data');
    await project.succeed('up', '--wait', 'postgres');
    expect(await project.succeed('run', '--rm', 'restore', 'latest')).toContain('restored 2');
    await project.up();
    const page = await browser.open(`${frontend}/profile`, { follow: false });
    expect(page.status).toBe(200);
    expect(page.text).toContain(ada.username);
  }, 240_000);

  it('writes the keys and secrets to an archive', async () => {
    const list = [
      'run',
      '--rm',
      '-T',
      '--no-deps',
      'secrets',
      'tar',
      '-C',
      '/secrets',
      '-cf',
      '-',
      'provider',
      'frontend',
    ];
    const archive = await project.succeed(...list);
    for (const file of ['provider/encryption-key', 'provider/grant-key', 'frontend/encryption-key'])
      expect(archive).toContain(file);
  });
});
