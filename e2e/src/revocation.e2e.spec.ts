import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, RelyingParty, type Tokens } from '@trefoil/testing';
import { setTimeout as wait } from 'node:timers/promises';
import { ResponseBodyError, tokenRevocation } from 'openid-client';
import pg from 'pg';
import { FRONTEND_SCOPE } from './clients.js';
import { runTrefoil } from './run-trefoil.js';

const NDJSON = 'application/x-ndjson';

let stack: Stack;

beforeAll(async () => {
  stack = await startTemporaryStack();
}, 120_000);
afterAll(() => stack.stop());

/** What a command printed; it must succeed. */
async function trefoil(...args: string[]): Promise<string> {
  const { exitCode, out, notes } = await runTrefoil(stack, ...args);
  if (exitCode !== 0) throw new Error(notes);
  return out;
}

/** Asks until it is so; for what the servers learn in their own time. */
async function soon(isSo: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await wait(20)) if (await isSo()) return true;
  return false;
}

const basic = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;

/** Signs somebody in with the demo frontend played by openid-client. */
async function signIn(user: { username: string; password: string }): Promise<{ client: RelyingParty; tokens: Tokens }> {
  const redirectUri = `${stack.urls.frontend}/callback`;
  const client = await RelyingParty.discover({ issuer: stack.urls.provider, ...demoClients.frontend, redirectUri });
  const parameters = { resource: stack.urls.backend };
  return { client, tokens: await client.signIn({ ...user, scope: FRONTEND_SCOPE, parameters }) };
}

/** Gives a user 120 MB of contacts: more than all buffers between two processes hold, of which a system's may be 32 MB each. */
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

/** Begins to read from the backend and reads nothing yet. */
const stream = (path: string, token: string) =>
  fetch(`${stack.urls.backend}${path}`, { headers: { authorization: `Bearer ${token}`, accept: NDJSON } });

const statusAt = async (url: string, token: string) => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  // A body that breaks off, as it does when its token ends meanwhile, takes nothing back of the status.
  await answer.body?.cancel().catch(() => undefined);
  return answer.status;
};

const isRefusedSoon = (path: string, token: string) =>
  soon(async () => (await statusAt(`${stack.urls.backend}${path}`, token)) === 401);

/** Reads a piece each time the server has answered another request: too slowly to come to the end before anything happens. */
async function readSlowly(answer: Response | undefined): Promise<void> {
  for await (const _ of answer?.body ?? []) await (await fetch(`${stack.urls.frontend}/health/live`)).arrayBuffer();
}

describe('everything of a user is revoked while their contacts are being downloaded', () => {
  const browser = new Browser();
  let client: RelyingParty;
  let tokens: Tokens;
  let streams: Response[];

  beforeAll(async () => {
    ({ client, tokens } = await signIn(demoUsers.alice));
    await giveContacts(tokens.claims()?.sub ?? '');
    const login = await browser.open(`${stack.urls.frontend}/contacts`);
    const page = await login.submit('#login', demoUsers.alice);
    if (page.has('#allow')) await page.submit('#allow');
    const cookie = await browser.cookies.getCookieString(stack.urls.frontend);
    streams = await Promise.all([
      stream('/v1/contacts', tokens.access_token),
      fetch(`${stack.urls.frontend}/contacts/download`, { headers: { cookie } }),
    ]);
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    expect(streams.map(({ headers }) => headers.get('content-type'))).toEqual([NDJSON, NDJSON]);
    await trefoil('revoke', '--user', demoUsers.alice.username, '--yes');
  }, 60_000);

  it('the stream of the backend breaks off', async () => {
    expect(await isRefusedSoon('/v1/contacts', tokens.access_token)).toBe(true);
    // Nothing was read before: what the buffers hold is all that ever came.
    await expect(streams[0]?.text()).rejects.toThrow('terminated');
  });

  it('the download at the frontend breaks off', async () => {
    await expect(readSlowly(streams[1])).rejects.toThrow('terminated');
  });

  it('the frontend’s session ends', async () => {
    const isGone = async () =>
      (await browser.open(`${stack.urls.frontend}/contacts`, { follow: false })).location?.pathname === '/login';
    expect(await soon(isGone)).toBe(true);
  });

  it('the next refresh is refused: invalid_grant (RFC 6749 §5.2)', async () => {
    const refusal = await client.refresh(tokens).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ResponseBodyError);
    expect(refusal).toHaveProperty('error', 'invalid_grant');
  });

  it('the events tell it in order', async () => {
    const told = await trefoil('events', 'tail', '--user', demoUsers.alice.username, '--lines', '100', '--json');
    const events = told
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

describe('the tokens of a machine client are revoked while it reads the export', () => {
  it('the stream breaks off, and a token issued afterwards opens it again', async () => {
    const exportUrl = `${stack.urls.backend}/v1/exports/contacts`;
    const token = await machineToken();
    const answer = await stream('/v1/exports/contacts', token);
    expect(answer.status).toBe(200);
    await trefoil('revoke', '--client', 'marketing-sync', '--yes');
    expect(await isRefusedSoon('/v1/exports/contacts', token)).toBe(true);
    await expect(answer.text()).rejects.toThrow('terminated');
    // The provider remembers its clients for a second: the next token may still be of the generation that has ended.
    const opensAgain = async () => (await statusAt(exportUrl, await machineToken())) === 200;
    expect(await soon(opensAgain)).toBe(true);
  });
});

describe('an exchanged token', () => {
  it('ends with the token that it was exchanged for (RFC 8693 §1.1)', async () => {
    const { client, tokens } = await signIn(demoUsers.bob);
    const exchange = await fetch(`${stack.urls.provider}/token`, {
      method: 'POST',
      headers: { authorization: basic(demoClients.backend) },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: tokens.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: `${stack.urls.provider}/api`,
        scope: 'account:read',
      }),
    });
    const { access_token: exchanged } = (await exchange.json()) as { access_token: string };
    const account = () => statusAt(`${stack.urls.provider}/api/account`, exchanged);
    expect(await account()).toBe(200);
    await tokenRevocation(client.configuration, tokens.access_token);
    expect(await account()).toBe(401);
    expect(await isRefusedSoon('/v1/contacts', tokens.access_token)).toBe(true);
  });
});

describe('a revocation while the resource server was away', () => {
  it('is known when it is back, before it is asked anything', async () => {
    const { client, tokens } = await signIn(demoUsers.bob);
    expect(await statusAt(`${stack.urls.backend}/v1/contacts`, tokens.access_token)).toBe(200);
    await stack.kill('backend');
    await tokenRevocation(client.configuration, tokens.access_token);
    await stack.restart('backend');
    expect(await statusAt(`${stack.urls.backend}/v1/contacts`, tokens.access_token)).toBe(401);
  });
});
