import { Browser, demoClients, demoUsers, type Page, signInAndConsent } from '@trefoil/testing';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmptyMachine } from './production-installation/empty-machine.js';
import { readGuide, replaceValues } from './guide.js';

const page = new URL('../../../docs/deployment.md', import.meta.url);
const guide = readGuide(page, 'On a server');
/** In milliseconds. A command takes a few seconds on a machine that runs nothing else. */
const TIMEOUT = 120_000;

const hasPsql = spawnSync('psql', ['--version']).status === 0;

describe('a person who follows docs/deployment.md from an empty PostgreSQL', () => {
  let machine: EmptyMachine;
  let blocks: typeof guide;
  const outputs: string[] = [];

  beforeAll(async () => {
    machine = await EmptyMachine.start();
    const { proxies, ports, databaseHost, directory } = machine;
    blocks = replaceValues(guide, {
      'https://auth.example.com': proxies.provider.url,
      'https://api.example.com': proxies.backend.url,
      'https://app.example.com': proxies.frontend.url,
      '/etc/trefoil': join(directory, 'etc'),
      'localhost:5432': databaseHost,
      '3001': String(ports.provider),
      '3002': String(ports.backend),
      '3000': String(ports.frontend),
    });
  }, TIMEOUT);
  afterAll(() => machine.stop());

  const urls = () => ({
    provider: machine.proxies.provider.url,
    backend: machine.proxies.backend.url,
    frontend: machine.proxies.frontend.url,
  });
  const newBrowser = () => new Browser({ ca: machine.authority });
  const outputOf = (heading: string) => outputs[guide.findIndex((block) => block.heading === heading)] ?? '';

  it.each(guide.map(({ heading }, index) => [heading, index] as const))(
    'the commands of "%s" succeed',
    async (heading, index) => {
      const block = blocks[index];
      if (!block) throw new Error('The guide has no such block.');
      if (heading === '2. Create the databases' && !hasPsql) await machine.createDatabases();
      else outputs[index] = await machine.run(block);
    },
    TIMEOUT,
  );

  /** Signs in at the frontend, and returns the page that was asked for. */
  const signIn = async (browser: Browser, path: string, username: string, password: string): Promise<Page> =>
    signInAndConsent(await browser.open(`${urls().frontend}${path}`), { username, password });

  const administratorPassword = () => readFileSync(join(machine.directory, 'etc', 'admin-password'), 'utf8').trim();

  it(
    'the new administrator signs in, sees the profile, and administers the provider',
    async () => {
      const browser = newBrowser();
      const profile = await signIn(browser, '/profile', 'ada@example.com', administratorPassword());
      expect(profile).toMatchObject({ status: 200 });
      expect(profile.text).toContain('ada@example.com');
      expect(await browser.open(`${urls().provider}/admin`)).toMatchObject({ status: 200 });
    },
    TIMEOUT,
  );

  it(
    'a new user, created by command, sees the profile and adds a contact that a machine client exports',
    async () => {
      const browser = newBrowser();
      const [, password = ''] = /^password +(\S+)$/m.exec(outputOf('8. Add the first user')) ?? [];
      const profile = await signIn(browser, '/profile', 'carol@example.com', password);
      expect(profile.text).toContain('Carol Carpenter');
      const form = await browser.open(`${urls().frontend}/contacts/new`);
      expect((await form.submit('#save', { name: 'Grace Hopper' })).text).toContain('Grace Hopper');
      expect(await browser.open(`${urls().provider}/admin`)).toMatchObject({ status: 403 });

      const exporting = blocks.at(-1);
      if (!exporting) throw new Error('The guide has no blocks.');
      expect(await machine.run(exporting)).toContain('"name":"Grace Hopper"');
    },
    TIMEOUT,
  );

  it(
    'the setup can be run again, and changes nothing',
    async () => {
      const setup = blocks.find(({ commands }) => commands.includes('trefoil.js setup'));
      if (!setup) throw new Error('The guide has no setup.');
      expect(await machine.run(setup)).toContain('exists, and nothing was changed');
    },
    TIMEOUT,
  );

  it.each(Object.values(demoUsers))('nobody signs in as $username of the demo', async ({ username, password }) => {
    const refused = await signIn(newBrowser(), '/profile', username, password);
    expect(refused.url.origin).toBe(urls().provider);
    expect(refused.has('#login')).toBe(true);
  });

  const post = async (path: string, authorization: string, body: Record<string, string>) => {
    const browser = new Browser({ ca: machine.authority, headers: { authorization } });
    return browser.post(`${urls().provider}${path}`, body);
  };

  it.each(Object.values(demoClients))('the secret of $clientId of the demo is refused', async (client) => {
    const authorization = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`;
    const refused = await post('/token', authorization, { grant_type: 'client_credentials' });
    expect(refused.status).toBe(401);
    expect(JSON.parse(refused.body)).toMatchObject({ error: 'invalid_client' });
  });

  it('nobody registers a client with the initial access token of the demo', async () => {
    const refused = await post('/register', 'Bearer demo-initial-access-token', {});
    expect(refused.status).toBe(401);
  });
});
