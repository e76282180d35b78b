import { type Stack, startTemporaryStack, waitUntil } from '@trefoil/local-stack';
import { Browser, demoUsers, RelyingParty } from '@trefoil/testing';
import { asApp, fetchAs } from '../clients/app-certificate.js';

describe('while the provider is down', () => {
  let stack: Stack;
  const browser = new Browser();
  let accessToken: string;

  beforeAll(async () => {
    stack = await startTemporaryStack();
    const client = await RelyingParty.discover({
      issuer: stack.urls.provider,
      ...asApp(stack, 'frontend'),
      redirectUri: `${stack.urls.frontend}/callback`,
    });
    const tokens = await client.signIn({
      ...demoUsers.alice,
      scope: 'openid profile email account:read contacts:read contacts:write',
      parameters: { resource: stack.urls.backend },
    });
    accessToken = tokens.access_token;
    const login = await browser.open(`${stack.urls.frontend}/contacts`);
    await login.submit('#login', demoUsers.alice);
    await contacts();
    // Until its list of revocations is fresh, the backend asks the provider about tokens.
    expect(await waitUntil(isUp, { timeout: 60_000 })).toBe(true);
    await stack.kill('provider');
  }, 120_000);
  afterAll(() => stack.stop());

  const isUp = async () => {
    const answer = await fetch(`${stack.urls.backend}/health/ready`);
    return ((await answer.json()) as { status: string }).status === 'up';
  };

  const contacts = () =>
    fetchAs(stack, 'frontend')(`${stack.mtlsUrls.backend}/v1/contacts`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });

  it('the backend still accepts valid tokens for contacts', async () => {
    expect((await contacts()).status).toBe(200);
  });

  it('the backend responds 503 with Retry-After within 2 seconds where it needs the provider', async () => {
    const answer = await fetchAs(stack, 'frontend')(`${stack.mtlsUrls.backend}/v1/profile`, {
      headers: { authorization: `Bearer ${accessToken}` },
      signal: AbortSignal.timeout(2500),
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('backend and frontend stay ready', async () => {
    expect((await fetch(`${stack.urls.backend}/health/ready`)).status).toBe(200);
    expect((await fetch(`${stack.urls.frontend}/health/ready`)).status).toBe(200);
  });

  it('the frontend shows the contacts, and an error page without internal details where it needs the provider', async () => {
    expect((await browser.open(`${stack.urls.frontend}/contacts`)).status).toBe(200);
    const profile = await browser.open(`${stack.urls.frontend}/profile`);
    expect(profile.status).toBe(503);
    expect(profile.has('a[href]')).toBe(true);
    // The frontend trusts for a second that a provider that has answered is there.
    const startSignIn = () => new Browser({ stopAt: stack.urls.provider }).open(`${stack.urls.frontend}/login`);
    let signIn = await startSignIn();
    while (signIn.status === 303) signIn = await startSignIn();
    expect(signIn.status).toBe(503);
    expect(signIn.text).not.toMatch(/ECONNREFUSED|fetch failed|\.js:/);
  });

  it('everything works again after a restart of the provider alone', async () => {
    await stack.restart('provider');
    const profile = await browser.open(`${stack.urls.frontend}/profile`);
    expect(profile.status).toBe(200);
    expect(profile.text).toContain('alice@example.com');
    const fresh = await new Browser().open(`${stack.urls.frontend}/profile`);
    expect(fresh.has('#login')).toBe(true);
  });
});
