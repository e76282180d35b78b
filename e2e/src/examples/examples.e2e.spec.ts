import { createExampleDatabase, freePort, type Stack, startTemporaryStack, waitUntil } from '@trefoil/local-stack';
import { Browser, demoUsers, describeWithChromium, signInAndConsent, tokensIn } from '@trefoil/testing';
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { runTrefoil } from '../operations/run-trefoil.js';
import { ForgetfulProxy } from './forgetful-proxy.js';
import { PageCommands } from './page-commands.js';

// In milliseconds. Each command is a process of its own, which takes a second or two to start.
import.meta.jest.setTimeout(120_000);

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const FRONTEND_SCOPES =
  'openid profile email address phone offline_access account:read account:write contacts:read contacts:write charges:read';

let directory: string;
let stack: Stack;
let proxy: ForgetfulProxy;
let api: ChildProcess;
let page: PageCommands;
let charges: pg.Pool;

/** Builds the single-page app. */
async function buildApp(): Promise<string> {
  const site = join(directory, 'site');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', join(root, 'examples', 'spa'), '--outDir', site]);
  return site;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trefoil-examples-'));
  proxy = await new ForgetfulProxy().start();
  const apis = [{ name: 'payments', resource: proxy.url, scopes: ['charges:read'], browserPaths: ['/v1/charges'] }];
  const frontend = { APIS: JSON.stringify(apis), SPA_DIRECTORY: await buildApp() };
  // The payments API of the page speaks plain HTTP, so it cannot accept tokens that are bound to a certificate.
  stack = await startTemporaryStack({ clientCertificates: false, environment: { frontend } });
  proxy.target = await freePort();
  const payments = await createExampleDatabase(stack.adminUrl, 'payments', 'payments-demo-password');
  charges = new pg.Pool({ connectionString: payments, max: 1 });
  page = new PageCommands('payments', {
    '$(npm run --silent example:database payments)': payments,
    'http://localhost:3001': stack.urls.provider,
    'http://localhost:3010': proxy.url,
    'PORT=3010': `PORT=${proxy.target}`,
    '.local/': `${directory}/`,
    // Without the installation and compilation that come before it.
    'npm run --silent example:payments': 'node examples/payments/dist/main.js',
  });
  await page.run(['Register the API and the shop'], stack.environments.provider);
  await runTrefoil(stack, 'client', 'update', 'frontend', '--scope', FRONTEND_SCOPES);
  api = page.start(['Run the API']);
  await waitUntil(async () => (await fetch(`${proxy.url}/health/ready`).catch(() => undefined))?.ok === true, {
    timeout: 60_000,
  });
}, 180_000);
afterAll(async () => {
  if (api?.pid !== undefined) process.kill(-api.pid);
  await charges?.end();
  await stack?.stop();
  await proxy?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const countCharges = async (): Promise<number> =>
  (await charges.query<{ count: number }>('SELECT count(*)::int AS count FROM charges')).rows[0]?.count ?? 0;
const statusesIn = (output: string): string[] => [...output.matchAll(/ (\d{3})$/gm)].map(([, status = '']) => status);

describe('docs/examples/payments.md', () => {
  it('charges once for the same Idempotency-Key, and refuses what it says it refuses', async () => {
    const output = await page.run(['Charge with curl', 'Refund with another scope']);
    expect(statusesIn(output)).toEqual(['201', '201', '422', '401', '403', '200']);
    const ids = [...output.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(1);
    expect(output).toContain('"status":"refunded"');
    expect(await countCharges()).toBe(1);
  });

  it('has a client that charges once although the connection is cut before the answer', async () => {
    const before = await countCharges();
    proxy.posts.length = 0;
    proxy.losses = 1;
    const output = await page.run(['Let a program do it'], {
      ISSUER: stack.urls.provider,
      PAYMENTS_URL: proxy.url,
      IDEMPOTENCY_KEY: 'order-with-a-lost-answer',
    });
    const ids = [...output.matchAll(/charge ([0-9a-f-]{36})/g)].map(([, id]) => id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    expect(proxy.posts).toEqual([201, 201, 201]);
    expect(await countCharges()).toBe(before + 1);
  });
});

describe('docs/examples/marketing-sync.md', () => {
  it('exports contacts, and is refused the contacts of a user', async () => {
    const commands = new PageCommands('marketing-sync', {
      'http://localhost:3001': stack.urls.provider,
      'http://localhost:3002': stack.urls.backend,
      'npm run --silent example:marketing-sync': 'node examples/marketing-sync/dist/main.js',
    });
    const exported = await commands.run(['Get a token', 'Read the contacts']);
    expect(exported).toContain('"end":true');
    expect(exported).toMatch(/insufficient|Forbidden/);
    expect(statusesIn(exported)).toEqual(['403']);
    const servers = { ISSUER: stack.urls.provider, BACKEND_URL: stack.urls.backend };
    expect(await commands.run(['Let a program do it'], servers)).toContain('token requests so far: 1');
    expect(await commands.run(['Register a client of your own'], stack.environments.provider)).toContain('newsletter');
  });
});

describe('a frontend with two APIs', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = new Browser();
    await signInAndConsent(await browser.open(`${stack.urls.frontend}/profile`), demoUsers.alice);
  });

  it('calls each with a token of its own, requested with the refresh token when it is first needed (RFC 8707 §2.2)', async () => {
    const { frontend } = stack.urls;
    const headers = { 'X-CSRF': '1', Cookie: await browser.cookies.getCookieString(frontend) };
    const paths = ['/bff/api/backend/v1/contacts', '/bff/api/payments/v1/charges'];
    const answers = await Promise.all(paths.map((path) => fetch(`${frontend}${path}`, { headers })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await answers[1]?.json()).toMatchObject({ items: [{ customer: ALICE }, { customer: ALICE }] });
  });

  it('is followed with curl as docs/examples/spa.md says', async () => {
    const { frontend } = stack.urls;
    const commands = new PageCommands('spa', { 'http://localhost:3000': frontend });
    const cookies = await browser.cookies.getCookies(frontend);
    const SESSION = cookies.find(({ key }) => key === 'trefoil_frontend_session')?.value ?? '';
    const output = await commands.run(['Follow it with curl'], { SESSION });
    expect(statusesIn(output)).toEqual(['401', '403', '403', '200', '201', '200', '404']);
    expect(output).toContain('Ada Lovelace');
  });

  it('signs out: the refresh token is revoked (RFC 7009 §2.1)', async () => {
    const provider = new pg.Pool({ connectionString: stack.databaseUrls.provider, max: 1 });
    const live = async () =>
      (await provider.query(`SELECT FROM grants WHERE revoked_at IS NULL AND client_id = 'frontend'`)).rowCount;
    expect(await live()).toBeGreaterThan(0);
    await (await browser.open(`${stack.urls.frontend}/`)).submit('form[action="/logout"]');
    expect(await live()).toBe(0);
    await provider.end();
  });
});

describeWithChromium('the single-page app in Chromium', (newPage) => {
  it('signs in, adds a contact, offers a sign-in when the session ended elsewhere, and signs out, without a token', async () => {
    const app = await newPage();
    const received: Promise<string>[] = [];
    app.on('response', (response) => received.push(response.text().catch(() => '')));
    const signIn = async () => {
      await app.click('#sign-in');
      await app.fill('input[name=username]', demoUsers.alice.username);
      await app.fill('input[name=password]', demoUsers.alice.password);
      await app.click('#login');
      await app.waitForLoadState();
      if (await app.locator('#allow').count()) await app.click('#allow');
      await app.waitForURL('**/app/');
    };
    await app.goto(`${stack.urls.frontend}/app/`);
    await signIn();
    expect(await app.locator('#user').innerText()).toContain('Alice');
    await app.fill('[name=name]', 'Grace Hopper');
    await app.click('#add');
    await app.locator('#contacts li', { hasText: 'Grace Hopper' }).waitFor();

    const elsewhere = await app.context().newPage();
    await elsewhere.goto(`${stack.urls.frontend}/`);
    await elsewhere.getByRole('button', { name: 'Sign out' }).click();
    await elsewhere.waitForURL(`${stack.urls.frontend}/`);
    await app.fill('[name=name]', 'Too late');
    await app.click('#add');
    expect(await app.getByRole('alert').innerText()).toContain('Your session has ended.');
    expect(await app.inputValue('[name=name]')).toBe('Too late');

    await signIn();
    await app.locator('#contacts li', { hasText: 'Grace Hopper' }).waitFor();
    await app.click('#sign-out');
    await app.waitForURL(`${stack.urls.frontend}/`);
    await app.goto(`${stack.urls.frontend}/app/`);
    expect(await app.locator('#sign-in').innerText()).toBe('Sign in');
    expect((await Promise.all(received)).flatMap(tokensIn)).toEqual([]);
  });
});
