import { freePort, type Stack, startTemporaryStack, waitUntil } from '@trefoil/local-stack';
import { Browser, describeWithChromium, type Page } from '@trefoil/testing';
import { OtherProvider } from './other-provider/other-provider.js';

const SCOPE = 'openid profile email offline_access contacts:read contacts:write';

/** Authenticates a client with its secret, in place of the certificates of the local installation, which this provider does not know. */
const withSecret = (client: string) => ({
  CLIENT_SECRET: `${client}-demo-secret`,
  CLIENT_CERTIFICATE_PATH: '',
  CLIENT_KEY_PATH: '',
  PROVIDER_MTLS_URL: '',
  BACKEND_MTLS_URL: '',
});

/** The settings of a sign-in with a provider that issues refresh tokens only with consent to offline access. */
const signInWith = (issuer: string) => ({
  ISSUER: issuer,
  SIGN_IN_SCOPE: SCOPE,
  SIGN_IN_PROMPT: 'consent',
  SIGN_OUT_HINT: 'id_token_hint',
});

let stack: Stack;
let provider: OtherProvider;

beforeAll(async () => {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  stack = await startTemporaryStack({
    only: ['backend', 'frontend'],
    environment: {
      backend: {
        ...withSecret('backend'),
        ISSUER: issuer,
        TOKEN_DIALECT: 'opaque',
        REVOCATION_SOURCE: 'introspection',
        INTROSPECTION_SECONDS: '1',
        RESOURCE_PARAMETER: 'audience',
        ACCOUNT_SOURCE: 'userinfo-exchange',
        ACCOUNT_AUDIENCE: 'userinfo',
      },
      frontend: { ...withSecret('frontend'), ...signInWith(issuer) },
    },
  });
  const { frontend: frontendUrl = '', backend: backendUrl = '' } = stack.urls;
  provider = await OtherProvider.start({ port, frontendUrl, backendUrl });
}, 120_000);
afterAll(async () => {
  await provider.stop();
  await stack.stop();
});

/** Answers the pages of node-oidc-provider: the sign-in with any password, and the consent. */
async function signIn(page: Page, login: string): Promise<Page> {
  const consent = page.has('input[name=login]') ? await page.submit('form', { login, password: 'any' }) : page;
  return consent.has('input[name=prompt][value=consent]') ? consent.submit('form') : consent;
}

/** Goes through the whole journey: sign-in, profile, contacts, the end of the grant, and sign-out. */
async function journey(login: string): Promise<void> {
  const { frontend = '' } = stack.urls;
  const browser = new Browser();
  const profile = await signIn(await browser.open(`${frontend}/profile`), login);
  expect(profile.url.href).toBe(`${frontend}/profile`);
  expect(profile.text).toContain(login);
  expect(profile.text).toContain(`The user ${login}`);

  const form = await browser.open(`${frontend}/contacts/new`);
  const added = await form.submit('#save', { name: 'Ada Lovelace', email: 'ada@example.com' });
  expect(added.text).toContain('Ada Lovelace');
  expect((await browser.open(`${frontend}/contacts`)).text).toContain('ada@example.com');
  expect((await (await added.click('Delete')).submit('#delete')).url.pathname).toBe('/contacts');

  const question = await (await browser.open(`${frontend}/profile`)).submit('form[action="/logout"]');
  expect(question.url.pathname).toContain('/session/end');
  const out = await question.submit('button[name=logout]');
  expect(out.url.href).toBe(`${frontend}/`);
  expect((await browser.open(`${frontend}/profile`)).has('input[name=login]')).toBe(true);
  // Only the ID token that SIGN_OUT_HINT sends to the provider.
  expect(browser.receivedTokens().map(({ url, where }) => [url, where])).toEqual([[`${frontend}/logout`, 'location']]);
}

describeWithChromium('the journey with another provider in Chromium', (newPage) => {
  it('signs in, adds a contact and signs out', async () => {
    const { frontend = '' } = stack.urls;
    const page = await newPage();
    // The pages of the provider name fonts on the internet.
    await page.route(/^https?:\/\/(?!localhost)/, (route) => route.abort());
    await page.goto(`${frontend}/profile`);
    await page.fill('input[name=login]', 'frank@example.com');
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.waitForSelector('input[name=prompt][value=consent]', { state: 'attached' });
    await page.click('button[type=submit]');
    await page.waitForURL(`${frontend}/profile`);
    expect(await page.locator('main').innerText()).toContain('frank@example.com');
    await page.goto(`${frontend}/contacts/new`);
    await page.fill('[name=name]', 'Grace Hopper');
    await page.click('#save');
    await page.waitForURL(/\/contacts\/[0-9a-f-]{36}/);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.click('button[name=logout]');
    await page.waitForURL(`${frontend}/`);
  });
});

describe('frontend and backend with another provider (node-oidc-provider), by configuration alone', () => {
  it('take a user through the journey with opaque tokens, token exchange and UserInfo', async () => {
    await journey('carol@example.com');
  });

  it('refuse a token whose grant has ended, which they learn by introspection (RFC 7662 §2.2)', async () => {
    const { frontend = '' } = stack.urls;
    const browser = new Browser();
    const contacts = await signIn(await browser.open(`${frontend}/contacts`), 'dave@example.com');
    expect(contacts.url.href).toBe(`${frontend}/contacts`);
    await provider.endGrants();
    const isAsked = async () => (await browser.open(`${frontend}/contacts`)).url.href.startsWith(provider.url);
    expect(await waitUntil(isAsked, { timeout: 10_000 })).toBe(true);
  });

  it('challenge a caller without a token, and name the provider (RFC 9728 §5.1)', async () => {
    const { backend = '' } = stack.urls;
    const { status, headers } = await fetch(`${backend}/v1/contacts`, { headers: { authorization: 'Bearer unknown' } });
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
    const metadata = await fetch(`${backend}/.well-known/oauth-protected-resource`);
    expect(await metadata.json()).toMatchObject({ authorization_servers: [provider.url] });
  });

  it('take a user through the journey when the issuer has a path and a slash at the end, with JWTs', async () => {
    const issuer = `${provider.url}/tenant/`;
    await Promise.all([
      stack.restart('backend', {
        ISSUER: issuer,
        TOKEN_DIALECT: 'openid',
        REVOCATION_SOURCE: 'none',
        INTROSPECTION_SECONDS: '',
        RESOURCE_PARAMETER: 'resource',
        ACCOUNT_SOURCE: 'token',
        ACCOUNT_AUDIENCE: '',
      }),
      stack.restart('frontend', signInWith(issuer)),
    ]);
    await journey('erin@example.com');
  });
});
