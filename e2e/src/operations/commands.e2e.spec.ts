import { type Stack, startTemporaryStack, waitUntil } from '@trefoil/local-stack';
import { Browser, signInAndConsent } from '@trefoil/testing';
import { runTrefoil } from './run-trefoil.js';

// In milliseconds. Each command is a process of its own, which takes a second or two to start.
import.meta.jest.setTimeout(120_000);

/** Returns whether a condition becomes true within 10 seconds, while the servers learn of a change. */
const soon = (condition: () => Promise<boolean>): Promise<boolean> => waitUntil(condition, { timeout: 10_000 });

describe('npm run trefoil', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startTemporaryStack();
  }, 120_000);
  afterAll(() => stack.stop());

  const trefoil = (...args: string[]) => runTrefoil(stack, ...args);

  const tokenStatus = async (secret: string) => {
    const answer = await fetch(`${stack.urls.provider}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`nightly:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'contacts:export' }),
    });
    return answer.status;
  };

  it('creates a client that gets tokens with the printed secret until it is disabled', async () => {
    const options = ['--id', 'nightly', '--name', 'Nightly', '--grant-type', 'client_credentials'];
    const created = await trefoil('client', 'create', ...options, '--scope', 'contacts:export', '--json');
    expect(created).toMatchObject({ exitCode: 0, notes: '' });
    const { client_secret } = JSON.parse(created.out) as { client_secret: string };
    expect(await tokenStatus(client_secret)).toBe(200);

    expect(await trefoil('client', 'disable', 'nightly')).toMatchObject({ exitCode: 4, out: '' });
    expect(await tokenStatus(client_secret)).toBe(200);
    expect(await trefoil('client', 'disable', 'nightly', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await soon(async () => (await tokenStatus(client_secret)) === 401)).toBe(true);
  });

  it('ends the session of a user at the frontend', async () => {
    const browser = new Browser();
    await signInAndConsent(await browser.open(`${stack.urls.frontend}/contacts`));
    const isSignedIn = async () =>
      (await browser.open(`${stack.urls.frontend}/contacts`, { follow: false })).status === 200;
    expect(await isSignedIn()).toBe(true);

    const revoked = await trefoil('revoke', '--user', 'alice@example.com', '--yes', '--json');
    expect(JSON.parse(revoked.out)).toMatchObject({ email: 'alice@example.com', ended: { sessions: 1, grants: 1 } });
    expect(await soon(async () => !(await isSignedIn()))).toBe(true);
  });

  it('works without a running server, and only needs the database', async () => {
    await stack.kill('provider');
    const { exitCode, out } = await trefoil('events', 'tail', '--type', 'user-tokens-revoked', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ actor: expect.stringMatching(/^command line \(/) });
  });
});
