import { makeTemporaryDirectory, removeTemporaryDirectory } from '@trefoil/local-stack';
import { Browser, demoUsers, signInAndConsent } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ComposeProject, hasDockerEngine } from './compose/compose-project.js';
import { ComposeStack } from './compose/compose-stack.js';
import { type Container } from './compose/container.js';
import { Journey, type Patience } from './compose/journey.js';
import { Worker } from './load/worker.js';

const NAME = 'trefoil-test-demo';
const ENVIRONMENT = { TREFOIL_IMAGE: 'trefoil:test' };
const COMPOSE_FILE = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url));
const APPS = ['provider', 'backend', 'frontend'] as const;

/** The specs of the shared stack that run here too, one replica or two. */
const SPECS = ['flows/user-journey.browser', 'attacks/stolen-token', 'attacks/token-isolation'];
const INTRUDER = 'e2e/src/operations/compose/intruder.yml';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const [, commands = ''] = /\*\*Be a machine\.\*\*.*?```sh\n(.*?)```/s.exec(readme) ?? [];
const [, preparation = ''] = /```sh\n(docker compose cp .*?)```/s.exec(readme) ?? [];

/** A person who waits for a server that starts again. */
const WAITING: Patience = { attempts: 120, pause: 500 };
/** A person who reloads a page twice. */
const RELOADING: Patience = { attempts: 3, pause: 200 };

(hasDockerEngine ? describe : describe.skip)('docker compose up', () => {
  const one = new ComposeProject(NAME, ['docker-compose.yml', INTRUDER], ENVIRONMENT);
  const two = new ComposeProject(NAME, ['docker-compose.yml', 'docker-compose.scale.yml', INTRUDER], ENVIRONMENT);
  let directory: string;
  let root: string;
  let stack: ComposeStack;

  beforeAll(async () => {
    directory = await makeTemporaryDirectory();
    await one.up();
    stack = await ComposeStack.of(one, directory);
    root = readFileSync(join(directory, 'provider', 'root.pem'), 'utf8');
  }, 900_000);
  afterAll(async () => {
    await two.down();
    removeTemporaryDirectory(directory);
  }, 120_000);

  /** Crashes a container while people use the system. Returns the journeys that failed, and how many there were. */
  async function crashUnderLoad(container: Container, patience: Patience): Promise<[string[], number]> {
    const workers = [1, 2].map((number) => new Worker(`person ${number}`, () => new Journey(root, patience).run()));
    try {
      const restarts = await container.restarts();
      await container.crash();
      await container.untilRestarted(restarts);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
    return [workers.flatMap(({ failures }) => failures), workers.reduce((sum, { rounds }) => sum + rounds, 0)];
  }

  async function peopleGoOn(project: ComposeProject, service: string): Promise<void> {
    const [container] = await project.containers(service);
    if (!container) throw new Error(`${service} does not run.`);
    expect(await crashUnderLoad(container, WAITING)).toEqual([[], expect.any(Number)]);
  }

  async function specsPass(project: ComposeProject): Promise<void> {
    const { passed, failures } = await stack.run(project, SPECS);
    expect(failures).toEqual([]);
    // Without Chromium, the journey in a browser is skipped.
    expect(passed).toBeGreaterThanOrEqual(14);
  }

  describe('with one replica of each server', () => {
    it(
      'passes the journey in a browser, and the tests of attacks by somebody in the private network',
      () => specsPass(one),
      300_000,
    );

    it('serves HTTPS only, with cookies that no other host can set (RFC 6265bis §4.1.3.2)', async () => {
      await new Journey(root, RELOADING).run();
      const browser = new Browser({ ca: root, address: '127.0.0.1' });
      await signInAndConsent(await browser.open('https://app.localhost:3000/profile'), demoUsers.bob);
      const cookies = browser.transcript.flatMap(({ headers }) => headers.getSetCookie());
      expect(cookies.length).toBeGreaterThanOrEqual(2);
      for (const cookie of cookies) expect(cookie).toMatch(/^__Host-.*; Secure/);
      for (const port of [3000, 3001, 3002]) expect((await fetch(`http://localhost:${port}/`)).status).toBe(400);
    }, 120_000);

    it('runs the commands of the README as they are written', async () => {
      const script = `${preparation}\n${commands}`;
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: directory,
        env: { ...process.env, ...ENVIRONMENT, COMPOSE_PROJECT_NAME: NAME, COMPOSE_FILE },
      });
      expect(stdout).toContain('"name":"Contact ');
    });

    it('gives no secret to two servers, only the certificate of the root', async () => {
      const list = 'cd /run/secrets/trefoil && find . -type f ! -name root.pem -exec sha256sum {} +';
      const listed = await Promise.all(APPS.map((app) => one.succeed('exec', '-T', app, 'sh', '-c', list)));
      const files = listed.flatMap((lines) => lines.trim().split('\n')).map((line) => line.split(/ +/));
      expect(files.map(([, name]) => name)).not.toContain('./client-secret');
      expect(new Set(files.map(([hash]) => hash)).size).toBe(files.length);
    });

    it('a server cannot change, delete or list the keys of another one in Redis', async () => {
      const url = await one.succeed('exec', '-T', 'frontend', 'cat', '/run/secrets/trefoil/redis-url');
      const redis = async (...command: string[]) =>
        (await one.run(['exec', '-T', 'redis', 'redis-cli', '--no-auth-warning', '-u', url, ...command])).out;
      expect(await redis('GET', 'trefoil:frontend:x')).toBe('\n');
      const refused = [
        'SET trefoil:provider:x 1',
        'GET trefoil:provider:x',
        'FLUSHALL',
        'SCAN 0',
        'KEYS *',
        'RANDOMKEY',
      ];
      for (const command of refused) expect(await redis(...command.split(' '))).toContain('NOPERM');
    });

    it('publishes no port of the databases', async () => {
      for (const [service, port] of [
        ['postgres', '5432'],
        ['redis', '6379'],
      ] as const)
        expect((await one.run(['port', service, port])).exitCode).not.toBe(0);
    });

    it.each([...APPS, 'redis', 'postgres'])(
      'people can go on after %s has crashed, because the engine starts it again',
      (service) => peopleGoOn(one, service),
      300_000,
    );

    it('Redis reads back everything that it has stored', async () => {
      expect(await one.succeed('logs', 'redis')).not.toContain('CRITICAL');
    });
  });

  describe('with two replicas of each server', () => {
    beforeAll(() => two.up(), 300_000);

    it('spreads the requests of people over all of them, without sticky sessions', async () => {
      const deadline = Date.now() + 90_000;
      let unused: string[];
      // A server keeps its connections to another one, so some pass until each replica has been chosen for one.
      do {
        await Promise.all([1, 2, 3, 4].map(() => new Journey(root, RELOADING).run()));
        unused = [];
        for (const app of APPS) {
          const replicas = await two.containers(app);
          expect(replicas).toHaveLength(2);
          for (const replica of replicas) if ((await replica.answeredRequests()) === 0) unused.push(app);
        }
      } while (unused.length > 0 && Date.now() < deadline);
      expect(unused).toEqual([]);
    }, 120_000);

    it(
      'passes the journey in a browser, and the tests of attacks by somebody in the private network',
      () => specsPass(two),
      300_000,
    );

    it.each(APPS.flatMap((app) => [0, 1].map((index) => [app, index] as const)))(
      'no journey fails when the %s crashes (replica %i)',
      async (app, index) => {
        const replica = (await two.containers(app))[index];
        if (!replica) throw new Error(`There is no replica ${index} of the ${app}.`);
        const [failures, journeys] = await crashUnderLoad(replica, RELOADING);
        expect(failures).toEqual([]);
        expect(journeys).toBeGreaterThanOrEqual(2);
      },
      300_000,
    );

    it.each(['balancer', 'redis', 'postgres'])(
      'people can go on after the one %s has crashed, because the engine starts it again',
      (service) => peopleGoOn(two, service),
      300_000,
    );
  });
});
