import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, Caller, demoUsers, RelyingParty, signInAndConsent } from '@trefoil/testing';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tokenRevocation } from 'openid-client';
import { copyOfWorkspace, type WorkspaceCopy } from './workspace-copy.js';

// Compiling what was generated takes most of the time.
const TIMEOUT = 900_000;

const READ = 'invoices:read';
const WRITE = 'invoices:write';
const PATH = '/v1/invoices';

let copy: WorkspaceCopy;
let stack: Stack | undefined;

beforeAll(async () => {
  copy = copyOfWorkspace();
  copy.run('tools/new.mjs', 'resource-server', 'invoices');
  copy.commit('Add invoices');
  copy.run('tools/new.mjs', 'web', 'invoices-portal', '--uses', 'invoices');
  copy.commit('Add the portal');
  copy.run('tools/new.mjs', 'machine-client', 'nightly-report', '--uses', 'invoices');
  stack = await startTemporaryStack({ root: copy.root });
}, TIMEOUT);
afterAll(async () => {
  await stack?.stop();
  copy.delete();
});

const urlOf = (app: string): string => stack?.urls[app] ?? '';

/** Signs Alice in, and returns a caller of the generated API with her token. */
async function signIn(scope: string) {
  const client = await RelyingParty.discover({
    issuer: urlOf('provider'),
    clientId: 'api-docs',
    redirectUri: `${urlOf('invoices')}/docs/oauth2-redirect.html`,
  });
  const parameters = { resource: urlOf('invoices') };
  const { access_token: token } = await client.signIn({ ...demoUsers.alice, scope: `openid ${scope}`, parameters });
  return { caller: new Caller(urlOf('invoices'), token), revoke: () => tokenRevocation(client.configuration, token) };
}

describe('a generated resource server', () => {
  it('serves users who have signed in, and refuses their tokens without the scope (RFC 6750 §3.1)', async () => {
    const { caller } = await signIn(`${READ} ${WRITE}`);
    expect((await caller.post(PATH, { title: 'First' })).status).toBe(201);
    expect(await caller.get(PATH)).toMatchObject({ status: 200, body: { items: [{ title: 'First' }] } });
    const reader = await signIn(READ);
    expect((await reader.caller.post(PATH, { title: 'Second' })).status).toBe(403);
  });

  it('refuses a token that was revoked (RFC 7009 §2)', async () => {
    const { caller, revoke } = await signIn(READ);
    expect((await caller.get(PATH)).status).toBe(200);
    await revoke();
    let status = 200;
    for (const end = Date.now() + 10_000; status === 200 && Date.now() < end;) status = (await caller.get(PATH)).status;
    expect(status).toBe(401);
  });

  it('is called by a generated web app for its users, and no token reaches the browser (RFC 10017 §6.1)', async () => {
    const browser = new Browser();
    const portal = urlOf('invoices-portal');
    const page = await signInAndConsent(await browser.open(`${portal}/invoices`));
    expect([page.status, page.url.href]).toEqual([200, `${portal}/invoices`]);
    expect(page.text).toContain('First');
    expect(page.text).toContain('Alice');
    expect(browser.receivedTokens()).toEqual([]);
    expect((await page.submit('form[action="/logout"]')).url.href).toBe(`${portal}/`);
    expect((await browser.open(`${portal}/invoices`)).has('#login')).toBe(true);
  });

  it('is read by a generated machine client with a token of its own (RFC 6749 §4.4)', () => {
    const environment = { ISSUER: urlOf('provider'), INVOICES_URL: urlOf('invoices') };
    const output = copy.runWith(environment, 'examples/nightly-report/dist/main.js');
    expect(output).toBe(`${urlOf('invoices')}${PATH}: 1 items\n`);
  });
});

describe('npm run new', () => {
  it.each([
    [['resource-server', 'class'], '"class" is a word of TypeScript'],
    [['resource-server', 'Invoices'], '"Invoices" is not a name in kebab-case'],
    [['resource-server', 'invoices'], '"invoices" is taken'],
    [['queue', 'mail'], '"queue" is not a kind of part'],
  ])('refuses %j, and writes nothing', (args, reason) => {
    const before = copy.status();
    expect(() => copy.run('tools/new.mjs', ...args, '--dry-run')).toThrow(reason);
    expect(copy.status()).toBe(before);
  });

  it('refuses a working tree with changes', () => {
    expect(() => copy.run('tools/new.mjs', 'page', 'frontend', 'reports')).toThrow('The working tree has changes');
  });

  it('writes code that passes the rules of the workspace', () => {
    const folders = [
      ...['apps/invoices', 'apps/invoices-portal', 'examples/nightly-report'],
      ...['e2e/src/invoices', 'e2e/src/invoices-portal', 'libs/dto/src/invoice.ts', 'libs/dto/src/scopes'],
    ];
    copy.run('node_modules/eslint/bin/eslint.js', ...folders);
    copy.run('node_modules/prettier/bin/prettier.cjs', '--check', ...folders, 'tools', 'tsconfig.json', 'package.json');
  }, 300_000);
});

describe('npm run remove', () => {
  it(
    'leaves the workspace as it was before',
    () => {
      const users = 'invoices is used by invoices-portal and nightly-report. Remove what uses it first.';
      expect(() => copy.run('tools/remove.mjs', 'invoices')).toThrow(users);
      copy.run('tools/remove.mjs', 'nightly-report');
      expect(copy.status()).toBe('');
      copy.run('tools/remove.mjs', 'invoices-portal');
      copy.write('apps/invoices/src/limits.ts', '// changed\n');
      expect(() => copy.run('tools/remove.mjs', 'invoices')).toThrow('apps/invoices/src/limits.ts');
      copy.run('tools/remove.mjs', 'invoices', '--force');
      expect(copy.changesSinceFirstCommit()).toBe('');
    },
    TIMEOUT,
  );
});

describe('a generation whose build fails', () => {
  it(
    'leaves the workspace as it was before',
    () => {
      copy.write('apps/frontend/src/unfinished.ts', "export const port: number = 'text';\n");
      copy.commit('Begin something that does not compile');
      expect(() => copy.run('tools/new.mjs', 'page', 'frontend', 'reports')).toThrow('Nothing was generated.');
      expect(copy.status()).toBe('');
      expect(existsSync(join(copy.root, 'apps/frontend/src/reports'))).toBe(false);
    },
    TIMEOUT,
  );
});
