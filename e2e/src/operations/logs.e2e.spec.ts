import {
  makeTemporaryDirectory,
  removeTemporaryDirectory,
  freePort,
  type Stack,
  startStack,
} from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, RelyingParty, signInAndConsent } from '@trefoil/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { asApp, fetchAs } from '../clients/app-certificate.js';
import { join } from 'node:path';
import pg from 'pg';

const trace = { LOG_LEVEL: 'trace' };
const APPS = ['provider', 'backend', 'frontend'] as const;

/** The values of this run that must not be in a log, by what they are. */
const secrets = new Map<string, string>();

const CONTACT = {
  name: 'Wilhelmina Confidential',
  email: 'wilhelmina.confidential@private.example',
  phone: '+49 30 5550188',
  notes: 'Allergic to peanuts, said so in confidence',
};
const WRONG_PASSWORD = 'a-mistyped-password-of-alice';
const WRONG_SECRET = 'a-mistyped-secret-of-a-client';

describe('the logs of a whole run at the level trace', () => {
  let directory: string;
  let stack: Stack;
  let asFrontend: typeof fetch;

  beforeAll(async () => {
    directory = await makeTemporaryDirectory();
    const [provider, backend, frontend] = await Promise.all([freePort(), freePort(), freePort()]);
    const ports = { provider, backend, frontend };
    const environment = { provider: trace, backend: trace, frontend: trace };
    stack = await startStack({ durable: false, directory, ports, environment });
    asFrontend = fetchAs(stack, 'frontend');
  }, 120_000);
  afterAll(async () => {
    await stack.stop();
    removeTemporaryDirectory(directory);
  });

  const logs = () =>
    readdirSync(join(directory, 'logs'))
      .map((name) => readFileSync(join(directory, 'logs', name), 'utf8'))
      .join('');

  it('contain no secret and no personal data', async () => {
    await useBrowser();
    await useTokens();
    await sendMistakes();
    await breakDatabase();
    await Promise.all(APPS.map((app) => stack.kill(app, 'SIGTERM')));

    const written = logs();
    for (const app of APPS) expect(written).toContain(`"name":"${app}"`);
    // The failed query was logged, but not its parameters.
    expect(written).toContain('QueryFailedError');
    const found = [...secrets].filter(([, value]) => written.includes(value)).map(([kind]) => kind);
    expect(found).toEqual([]);
  }, 120_000);

  /** Signs in at the frontend, reads and adds contacts, and signs out. */
  async function useBrowser(): Promise<void> {
    const browser = new Browser();
    const login = await browser.open(`${stack.urls.frontend}/contacts`);
    await signInAndConsent(login);
    await browser.open(`${stack.urls.frontend}/profile`);
    await browser.open(`${stack.urls.frontend}/contacts?search=${encodeURIComponent(CONTACT.name)}`);
    for (const { value, key } of await browser.cookies.getCookies(stack.urls.frontend)) {
      if (value.length >= 16) secrets.set(`cookie ${key}`, value);
    }
    for (const { request } of browser.transcript) {
      const code = new URL(request.url).searchParams.get('code');
      if (code) secrets.set('authorization code', code);
    }
  }

  /** Signs in as a client, uses, refreshes and revokes its tokens. */
  async function useTokens(): Promise<void> {
    const client = await RelyingParty.discover({
      issuer: stack.urls.provider,
      ...asApp(stack, 'frontend'),
      redirectUri: `${stack.urls.frontend}/callback`,
    });
    const tokens = await client.signIn({
      ...demoUsers.alice,
      scope: 'openid profile email contacts:read contacts:write offline_access',
      parameters: { resource: stack.urls.backend },
    });
    secrets.set('access token', tokens.access_token);
    if (tokens.id_token) secrets.set('ID token', tokens.id_token);
    if (tokens.refresh_token) secrets.set('refresh token', tokens.refresh_token);
    const authorization = `Bearer ${tokens.access_token}`;
    const sent = await asFrontend(`${stack.mtlsUrls.backend}/v1/contacts`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(CONTACT),
    });
    expect(sent.status).toBe(201);
    await asFrontend(`${stack.mtlsUrls.backend}/v1/contacts?search=${encodeURIComponent(CONTACT.email)}`, {
      headers: { authorization },
    });
    const refreshed = await postForm('/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    const renewed = (await refreshed.json()) as Record<string, string>;
    for (const name of ['access_token', 'refresh_token']) secrets.set(`renewed ${name}`, renewed[name] ?? '');
    await postForm('/introspect', { token: renewed.access_token ?? '' });
    expect((await postForm('/revoke', { token: renewed.refresh_token ?? '' })).status).toBe(200);
    await replaceTokens();
  }

  /** Signs in as a public client, whose refresh tokens are replaced, and uses one twice. */
  async function replaceTokens(): Promise<void> {
    const client = await RelyingParty.discover({
      issuer: stack.urls.provider,
      clientId: 'demo-cli',
      redirectUri: 'http://127.0.0.1:49153/callback',
    });
    const tokens = await client.signIn({ ...demoUsers.alice, scope: 'openid offline_access' });
    const renewed = await client.refresh(tokens);
    await client.refresh(tokens);
    for (const [kind, value] of Object.entries({ ...tokens, ...renewed, used: tokens.refresh_token }))
      if (/token$|^used$/.test(kind) && typeof value === 'string') secrets.set(`${kind} of a public client`, value);
  }

  /** Sends wrong credentials, which are often almost right. */
  async function sendMistakes(): Promise<void> {
    const login = await new Browser().open(`${stack.urls.frontend}/contacts`);
    await login.submit('#login', { username: demoUsers.bob.username, password: WRONG_PASSWORD });
    await fetch(`${stack.urls.provider}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`marketing-sync:${WRONG_SECRET}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    await fetch(`${stack.urls.provider}/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${WRONG_SECRET}`, 'content-type': 'application/json' },
      body: '{}',
    });
  }

  /** Makes a query with personal data fail: the table of users has another name for a while. */
  async function breakDatabase(): Promise<void> {
    const login = await new Browser().open(`${stack.urls.frontend}/contacts`);
    const provider = new pg.Client({ connectionString: stack.databaseUrls.provider });
    await provider.connect();
    try {
      await provider.query('ALTER TABLE users RENAME TO gone');
      const page = await login.submit('#login', demoUsers.alice);
      expect(page.status).toBe(500);
    } finally {
      await provider.query('ALTER TABLE gone RENAME TO users');
      await provider.end();
    }
  }

  const postForm = (path: string, form: Record<string, string>) =>
    asFrontend(`${stack.mtlsUrls.provider}${path}`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'frontend', ...form }),
    });

  beforeAll(() => {
    for (const [name, { username, password }] of Object.entries(demoUsers)) {
      secrets.set(`e-mail address of ${name}`, username).set(`password of ${name}`, password);
    }
    for (const { clientId, clientSecret } of Object.values(demoClients))
      secrets.set(`secret of ${clientId}`, clientSecret);
    for (const [name, value] of Object.entries(CONTACT)) secrets.set(`${name} of a contact`, value);
    secrets.set('a wrong password', WRONG_PASSWORD).set('a wrong secret', WRONG_SECRET);
    for (const app of APPS) {
      for (const [name, value] of Object.entries(stack.environments[app])) {
        if (/KEY|SECRET|PASSWORD/.test(name) && (value?.length ?? 0) >= 16)
          secrets.set(`${name} of ${app}`, String(value));
      }
      secrets.set(`the database password of ${app}`, new URL(stack.databaseUrls[app]).password);
    }
  });
});
