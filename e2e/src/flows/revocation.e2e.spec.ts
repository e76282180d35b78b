import { type Stack, startTemporaryStack, waitUntil } from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, RelyingParty, signInAndConsent, type Tokens } from '@trefoil/testing';
import { ResponseBodyError, tokenRevocation } from 'openid-client';
import pg from 'pg';
import { asApp, fetchAs } from '../clients/app-certificate.js';
import { FRONTEND_SCOPE } from '../clients/demo-clients.js';
import { runTrefoil } from '../operations/run-trefoil.js';

const NDJSON = 'application/x-ndjson';

let stack: Stack;
let asFrontend: typeof fetch;

beforeAll(async () => {
  stack = await startTemporaryStack();
  asFrontend = fetchAs(stack, 'frontend');
}, 120_000);
afterAll(() => stack.stop());

/** Runs a command, which must succeed, and returns its output. */
async function trefoil(...args: string[]): Promise<string> {
  const { exitCode, out, notes } = await runTrefoil(stack, ...args);
  if (exitCode !== 0) throw new Error(notes);
  return out;
}

/** Returns whether a condition becomes true within 10 seconds, while the servers propagate an event. */
const soon = (condition: () => Promise<boolean>): Promise<boolean> => waitUntil(condition, { timeout: 10_000 });

const basic = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;

/** Signs a user in. openid-client acts as the demo frontend. */
async function signIn(user: { username: string; password: string }): Promise<{ client: RelyingParty; tokens: Tokens }> {
  const redirectUri = `${stack.urls.frontend}/callback`;
  const client = await RelyingParty.discover({ issuer: stack.urls.provider, ...asApp(stack, 'frontend'), redirectUri });
  const parameters = { resource: stack.urls.backend };
  return { client, tokens: await client.signIn({ ...user, scope: FRONTEND_SCOPE, parameters }) };
}

/**
 * Gives a user 120 MB of contacts. This exceeds all buffers between two processes; a socket buffer may hold 32 MB.
 */
async function giveContacts(owner: string): Promise<void> {
  const database = new pg.Client({ connectionString: stack.databaseUrls.backend });
  await database.connect();
  await database.query(
    `INSERT INTO contacts (id, owner, name, email, phone, company, notes, version)
     SELECT gen_random_uuid(), $1, number, '', '', '', repeat('x', 10000), 1 FROM generate_series(1, 12000) AS number`,
    [owner],
  );
  await database.end();
}

async function machineToken(): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'contacts:export' });
  const headers = { authorization: basic(demoClients.marketingSync) };
  const answer = await fetch(`${stack.urls.provider}/token`, { method: 'POST', headers, body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Requests a stream from the backend. Nothing is read from the body yet. */
const stream = (path: string, token: string) =>
  asFrontend(`${stack.mtlsUrls.backend}${path}`, { headers: { authorization: `Bearer ${token}`, accept: NDJSON } });

const statusAt = async (url: string, token: string, fetchAny = asFrontend) => {
  const answer = await fetchAny(url, { headers: { authorization: `Bearer ${token}` } });
  // The backend may abort the body when the token ends meanwhile. Only the status counts.
  await answer.body?.cancel().catch(() => undefined);
  return answer.status;
};

const isRefusedSoon = (path: string, token: string) =>
  soon(async () => (await statusAt(`${stack.mtlsUrls.backend}${path}`, token)) === 401);

/** Reads one chunk after each answer to another request, so slowly that the server can abort before the end. */
async function readSlowly(answer: Response | undefined): Promise<void> {
  for await (const _ of answer?.body ?? []) await (await fetch(`${stack.urls.frontend}/health/live`)).arrayBuffer();
}

describe('after all tokens of a user are revoked during a download of their contacts', () => {
  const browser = new Browser();
  let client: RelyingParty;
  let tokens: Tokens;
  let streams: Response[];

  beforeAll(async () => {
    ({ client, tokens } = await signIn(demoUsers.alice));
    await giveContacts(tokens.claims()?.sub ?? '');
    await signInAndConsent(await browser.open(`${stack.urls.frontend}/contacts`));
    const cookie = await browser.cookies.getCookieString(stack.urls.frontend);
    streams = await Promise.all([
      stream('/v1/contacts', tokens.access_token),
      fetch(`${stack.urls.frontend}/contacts/download`, { headers: { cookie } }),
    ]);
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    expect(streams.map(({ headers }) => headers.get('content-type'))).toEqual([NDJSON, NDJSON]);
    await trefoil('revoke', '--user', demoUsers.alice.username, '--yes');
  }, 60_000);

  it('the backend aborts the stream', async () => {
    expect(await isRefusedSoon('/v1/contacts', tokens.access_token)).toBe(true);
    // Nothing was read before, so only the content of the buffers has arrived.
    await expect(streams[0]?.text()).rejects.toThrow('aborted');
  });

  it('the frontend aborts the download', async () => {
    await expect(readSlowly(streams[1])).rejects.toThrow('terminated');
  });

  it('the frontend ends the session', async () => {
    const isGone = async () =>
      (await browser.open(`${stack.urls.frontend}/contacts`, { follow: false })).location?.pathname === '/login';
    expect(await soon(isGone)).toBe(true);
  });

  it('the provider refuses the next refresh with invalid_grant (RFC 6749 §5.2)', async () => {
    const refusal = await client.refresh(tokens).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ResponseBodyError);
    expect(refusal).toHaveProperty('error', 'invalid_grant');
  });

  it('the security events show it in order', async () => {
    const printed = await trefoil('events', 'tail', '--user', demoUsers.alice.username, '--lines', '100', '--json');
    const events = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    const types = events.map(({ type }) => type);
    const [signedIn, ended] = [types.indexOf('sign-in'), types.indexOf('user-tokens-revoked')];
    expect(signedIn).toBeGreaterThanOrEqual(0);
    expect(ended).toBeGreaterThan(types.lastIndexOf('sign-in'));
    expect(types.slice(ended + 1).filter((type) => type === 'grant-revoked')).toHaveLength(2);
    expect(types.slice(0, ended)).not.toContain('grant-revoked');
    expect(events[ended]).toMatchObject({ actor: expect.stringMatching(/^command line/) });
  });
});

describe('after the tokens of a machine client are revoked while it reads the export', () => {
  it('the backend aborts the stream, and accepts a token issued later', async () => {
    const exportUrl = `${stack.mtlsUrls.backend}/v1/exports/contacts`;
    const token = await machineToken();
    const answer = await stream('/v1/exports/contacts', token);
    expect(answer.status).toBe(200);
    await trefoil('revoke', '--client', 'marketing-sync', '--yes');
    expect(await isRefusedSoon('/v1/exports/contacts', token)).toBe(true);
    await expect(answer.text()).rejects.toThrow('aborted');
    // The provider caches clients for a second, so the next token may still belong to the revoked generation.
    const opensAgain = async () => (await statusAt(exportUrl, await machineToken())) === 200;
    expect(await soon(opensAgain)).toBe(true);
  });
});

describe('an exchanged token', () => {
  it('ends when its subject token is revoked (RFC 8693 §1.1)', async () => {
    const { client, tokens } = await signIn(demoUsers.bob);
    const asBackend = fetchAs(stack, 'backend');
    const exchange = await asBackend(`${stack.mtlsUrls.provider}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: 'backend',
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: tokens.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: `${stack.urls.provider}/api`,
        scope: 'account:read',
      }),
    });
    const { access_token: exchanged } = (await exchange.json()) as { access_token: string };
    const account = () => statusAt(`${stack.mtlsUrls.provider}/api/account`, exchanged, asBackend);
    expect(await account()).toBe(200);
    await tokenRevocation(client.configuration, tokens.access_token);
    expect(await account()).toBe(401);
    expect(await isRefusedSoon('/v1/contacts', tokens.access_token)).toBe(true);
  });
});

describe('a revocation while the resource server is down', () => {
  it('takes effect before the restarted server accepts requests', async () => {
    const { client, tokens } = await signIn(demoUsers.bob);
    expect(await statusAt(`${stack.mtlsUrls.backend}/v1/contacts`, tokens.access_token)).toBe(200);
    await stack.kill('backend');
    await tokenRevocation(client.configuration, tokens.access_token);
    await stack.restart('backend');
    expect(await statusAt(`${stack.mtlsUrls.backend}/v1/contacts`, tokens.access_token)).toBe(401);
  });
});
