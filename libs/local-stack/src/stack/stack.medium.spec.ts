import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { workspace } from '../apps.js';
import { freePort } from '../ports/free-port.js';
import { startStack, type Stack, type StackOptions } from './stack.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from './temporary-directory.js';

const appNames = ['provider', 'backend', 'frontend'] as const;

let directory: string;
let options: StackOptions;
let stacks: Stack[] = [];
let lines: string[] = [];

/** A minimal server: it is ready at once, and crashes on request. */
const server = `
  import { createServer } from 'node:http';
  console.log('listening');
  createServer((request, response) => {
    if (request.url === '/crash') { console.error('out of leaves'); process.exit(3); }
    response.end(JSON.stringify(process.env));
  }).listen(Number(process.env.PORT), process.env.HOST);`;

// The tests share one installation, because creating its database takes a second.
beforeAll(async () => {
  directory = await makeTemporaryDirectory();
});

beforeEach(async () => {
  for (const app of appNames) {
    write(app, 'migrate', "console.log('migrated')");
    write(app, 'seed', "console.log('seeded')");
    write(app, 'main', server);
    copyFileSync(join(workspace, 'apps', app, 'app.json'), join(directory, 'apps', app, 'app.json'));
  }
  const [provider, backend, frontend] = await Promise.all([freePort(), freePort(), freePort()]);
  const mtlsPorts = { provider: await freePort(), backend: await freePort() };
  lines = [];
  options = {
    directory: join(directory, 'local'),
    root: directory,
    ports: { provider, backend, frontend },
    mtlsPorts,
    durable: false,
    log: (line) => lines.push(line),
  };
});

afterEach(async () => {
  for (const stack of stacks) await stack.stop();
  stacks = [];
});

afterAll(() => removeTemporaryDirectory(directory));

function write(app: string, script: string, code: string): void {
  const folder = join(directory, 'apps', app, 'dist');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "name": "trefoil", "type": "module" }');
  writeFileSync(join(folder, `${script}.js`), code);
}

async function start(changes: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = await startStack({ ...options, ...changes });
  stacks.push(stack);
  return stack;
}

async function environmentOf(url: string): Promise<Record<string, string>> {
  return (await fetch(url)).json() as Promise<Record<string, string>>;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe('startStack', () => {
  it('migrates the databases, writes demo data, starts the three servers, and stops them', async () => {
    const stack = await start();
    const { urls } = stack;
    for (const app of appNames) expect((await environmentOf(urls[app])).ISSUER).toBe(urls.provider);
    expect(readFileSync(join(options.directory, 'logs', 'provider.log'), 'utf8')).toBe('migrated\nseeded\nlistening\n');
    expect(readFileSync(join(options.directory, 'logs', 'backend.log'), 'utf8')).toBe('migrated\nlistening\n');
    await stack.stop();
    for (const app of appNames) expect(await answers(urls[app])).toBe(false);
  });

  it('starts a fourth app that has nothing but its folder, with its port, database and keys', async () => {
    for (const script of ['migrate', 'main']) write('billing-portal', script, script === 'main' ? server : '');
    const folder = join(directory, 'apps', 'billing-portal');
    const description = { kind: 'web', purpose: 'bills', port: 3009, keys: ['encryption-key'], uses: ['backend'] };
    writeFileSync(join(folder, 'app.json'), JSON.stringify(description));
    const port = await freePort();
    try {
      const { urls } = await start({ ports: { ...options.ports, 'billing-portal': port } });
      const environment = await environmentOf(`http://localhost:${port}`);
      expect(environment).toMatchObject({
        PORT: String(port),
        PUBLIC_URL: `http://localhost:${port}`,
        ISSUER: urls.provider,
        BACKEND_URL: urls.backend,
        CLIENT_ID: 'billing-portal',
        DATABASE_URL: expect.stringMatching(/^postgresql?:\/\/trefoil_billing_portal:.*\/trefoil_billing_portal$/),
        ENCRYPTION_KEY: expect.stringMatching(/^[\w-]{43}$/),
      });
      expect(await environmentOf(urls.backend)).toMatchObject({ USER_CLIENTS: 'billing-portal,frontend,api-docs' });
      expect(await environmentOf(urls.provider)).toMatchObject({ DEMO_BILLING_PORTAL_URL: environment.PUBLIC_URL });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('starts some of the servers with other settings', async () => {
    const { urls } = await start({ only: ['backend'], environment: { backend: { LOG_LEVEL: 'debug' } } });
    expect(await environmentOf(urls.backend)).toMatchObject({ LOG_LEVEL: 'debug', PUBLIC_URL: urls.backend });
    expect(await answers(urls.provider)).toBe(false);
  });

  it('reports a crashed server with the end of its log', async () => {
    const { urls, crashed } = await start();
    await fetch(`${urls.backend}/crash`).catch(() => {});
    await expect(crashed).rejects.toThrow(/The backend ended with exit code 3\.[^]*out of leaves/);
  });

  it('kills and restarts one server on request, without reporting a crash', async () => {
    const stack = await start();
    await stack.kill('backend');
    expect(await answers(stack.urls.backend)).toBe(false);
    expect(await answers(stack.urls.frontend)).toBe(true);
    await stack.restart('backend', { LOG_LEVEL: 'trace' });
    expect((await environmentOf(stack.urls.backend)).LOG_LEVEL).toBe('trace');
    await expect(Promise.race([stack.crashed, Promise.resolve('calm')])).resolves.toBe('calm');
  });

  it('stops everything when one server does not start, and shows the reason', async () => {
    write('frontend', 'main', "console.error('CLIENT_ID is missing'); process.exit(1)");
    await expect(start()).rejects.toThrow(/The frontend ended with exit code 1\.[^]*CLIENT_ID is missing/);
    expect(await answers(`http://localhost:${options.ports.provider}`)).toBe(false);
  });

  it('reports migrations that fail', async () => {
    write('backend', 'migrate', "throw new Error('column leaves exists')");
    await expect(start()).rejects.toThrow(
      /The backend \(migrations\) ended with exit code 1\.[^]*column leaves exists/,
    );
  });

  it('names a taken port, its process, and how to choose another port, before anything starts', async () => {
    const holder = createServer().listen(options.ports.backend, '127.0.0.1');
    await once(holder, 'listening');
    const { provider, backend, frontend } = options.ports;
    await expect(start().finally(() => holder.close())).rejects.toThrow(
      new RegExp(
        `Port ${backend} of the backend is taken by process ${process.pid} .*BACKEND_PORT=${backend + 100} npm start`,
      ),
    );
    expect(lines).toEqual([]);
    for (const port of [provider, frontend]) expect(await answers(`http://localhost:${port}`)).toBe(false);
  });

  it('can be interrupted during the start', async () => {
    write('provider', 'migrate', 'setInterval(() => {}, 1000)');
    const interrupted = new AbortController();
    const starting = start({
      signal: interrupted.signal,
      log: (line) => line.includes("backend's") && interrupted.abort(),
    });
    await expect(starting).rejects.toThrow();
    expect(await answers(`http://localhost:${options.ports.backend}`)).toBe(false);
  });
});
