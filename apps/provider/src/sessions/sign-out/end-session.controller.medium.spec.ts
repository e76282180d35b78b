import { Browser, demoClients, demoUsers, type Page, RelyingParty, testDatabase, type Tokens } from '@trefoil/testing';
import { IdTokenIssuer } from '@trefoil/token-issuance';
import { randomUUID } from 'node:crypto';
import { Grant } from '../../grants/grant.entity.js';
import { Grants } from '../../grants/grants.js';
import { CALLBACK } from '../../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { signInAt } from '../../testing/sign-in-at.js';
import { CLIENT_CALLBACK, givenClient } from '../../testing/test-clients.js';
import { givenGrant, payloadOf } from '../../testing/token-requests.js';
import { Session } from '../session.entity.js';

const AFTERWARDS = `${DEMO.frontend}/`;
const COOKIE = 'trefoil_provider_session';

let provider: ProviderUnderTest;
let frontend: RelyingParty;
let browser: Browser;
let tokens: Tokens;
let sid: string;
/** An ID token without `sid`, issued in another session of the same user. */
let earlierIdToken: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  frontend = await RelyingParty.discover({ issuer: provider.url, ...demoClients.frontend, redirectUri: CALLBACK });
});
afterAll(() => provider.stop());
beforeAll(async () => {
  earlierIdToken = String((await signInAt(provider, await givenClient(provider))).id_token);
});
beforeEach(async () => {
  browser = newBrowser();
  tokens = await frontend.signIn({ ...demoUsers.alice, browser });
  sid = tokens.claims()?.sid as string;
});

const newBrowser = () => new Browser({ stopAt: [DEMO.frontend, CLIENT_CALLBACK] });

const endSession = (parameters: Record<string, string>, by = browser): Promise<Page> =>
  by.open(`${provider.url}/end-session?${new URLSearchParams(parameters).toString()}`);

/** Returns an unsigned token with the claims of the ID token. */
function unsigned(): string {
  const header = Buffer.from('{"alg":"none"}').toString('base64url');
  return `${header}.${tokens.id_token?.split('.')[1]}.`;
}

/** Returns the id of the session that started last. */
async function currentSession(): Promise<string> {
  const latest = 'SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1';
  const [{ id }] = await provider.dataSource.query<[{ id: string }]>(latest);
  return id;
}

async function isSignedIn(): Promise<boolean> {
  const { url } = await frontend.authorizationRequest({ prompt: 'none' });
  return (await browser.open(url)).location?.searchParams.has('code') ?? false;
}

describe('a sign-out without a question', () => {
  it('is started by an ID token of the session, and returns with state (RP-Initiated Logout §2, §3)', async () => {
    const page = await endSession({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: AFTERWARDS,
      state: 'the state',
    });
    expect(page.location?.href).toBe(`${AFTERWARDS}?state=the+state`);
    expect(await isSignedIn()).toBe(false);
  });

  it('is started by the id of the session, which only its clients know', async () => {
    const page = await endSession({
      client_id: 'frontend',
      logout_hint: sid,
      post_logout_redirect_uri: AFTERWARDS,
    });
    expect(page.location?.href).toBe(AFTERWARDS);
    expect(await isSignedIn()).toBe(false);
  });

  it('ends the session, its grants and its cookie', async () => {
    const sessionId = await currentSession();
    await endSession({ client_id: 'frontend', logout_hint: sid });
    const grants = await provider.dataSource.manager.findBy(Grant, { sessionId });
    expect(grants.map(({ isLive }) => isLive)).toEqual([false]);
    expect(await browser.cookie(COOKIE, provider.url)).toBeUndefined();
  });

  it('is started by an ID token without sid of a client that took part in the session (RP-Initiated Logout §2)', async () => {
    const client = await givenClient(provider);
    const { id_token } = await signInAt(provider, client, { browser });
    expect(payloadOf(id_token)).not.toHaveProperty('sid');
    await endSession({ id_token_hint: String(id_token) });
    expect(await isSignedIn()).toBe(false);
  });

  it('keeps grants with offline_access, which outlive it (OpenID Connect Core §11)', async () => {
    const offline = { scopes: ['openid', 'offline_access'], sessionId: await currentSession() };
    const { grant } = await givenGrant(provider, offline);
    await endSession({ client_id: 'frontend', logout_hint: sid });
    expect((await provider.app.get(Grants).find(grant.id))?.isLive).toBe(true);
  });

  it('is started by the id of a session of an earlier version, which its clients have stored as sid', async () => {
    const { manager } = provider.dataSource;
    const session = await manager.findOneByOrFail(Session, { id: await currentSession() });
    const id = randomUUID();
    await manager.delete(Session, { id: session.id });
    await manager.insert(Session, { ...session, id });
    await endSession({ client_id: 'frontend', logout_hint: id });
    expect((await manager.findOneByOrFail(Session, { id })).endedAt).not.toBeNull();
  });

  it('accepts an ID token that has expired (RP-Initiated Logout §4)', async () => {
    const content = { aud: 'frontend', sub: String(tokens.claims()?.sub), sid, auth_time: 0, lifetime: -3600 };
    const aged = await provider.app.get(IdTokenIssuer).issue(provider.url, 'RS256', content);
    expect((await endSession({ id_token_hint: aged, post_logout_redirect_uri: AFTERWARDS })).location?.href).toBe(
      AFTERWARDS,
    );
  });

  it('may be requested as a form, whose ID token appears in no URL (RP-Initiated Logout §2)', async () => {
    const form = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: AFTERWARDS };
    const page = await browser.post(`${provider.url}/end-session`, form);
    expect(page.location?.href).toBe(AFTERWARDS);
    expect(page.hops.map(({ request }) => request.url.href).join()).not.toMatch('eyJ');
    expect(await isSignedIn()).toBe(false);
  });

  it('is refused with a longer state than is accepted, and ends nothing', async () => {
    const asked = { client_id: 'frontend', logout_hint: sid, post_logout_redirect_uri: AFTERWARDS };
    expect((await endSession({ ...asked, state: 'x'.repeat(2049) })).status).toBe(400);
    expect(await isSignedIn()).toBe(true);
    expect((await endSession({ ...asked, state: 'x'.repeat(2048) })).location?.searchParams.get('state')).toHaveLength(
      2048,
    );
  });

  it('ends on a page with a link back when no redirect URI is given', async () => {
    const page = await endSession({ id_token_hint: tokens.id_token ?? '' });
    expect([page.status, page.title]).toEqual([200, expect.stringContaining('You are signed out')]);
    expect(page.link('Back to Trefoil Contacts').href).toBe(AFTERWARDS);
  });
});

describe('a sign-out that the person must confirm', () => {
  const bad: [string, () => Record<string, string>][] = [
    ['no hint', () => ({ client_id: 'frontend' })],
    ['no parameter', () => ({})],
    ['a hint that is not a JWT', () => ({ id_token_hint: 'x', client_id: 'frontend' })],
    ['a hint that another server signed', () => ({ id_token_hint: `${tokens.id_token?.slice(0, -8)}AAAAAAAA` })],
    ['a hint without a signature', () => ({ id_token_hint: unsigned(), client_id: 'frontend' })],
    ['an access token as a hint', () => ({ id_token_hint: tokens.access_token, client_id: 'frontend' })],
    ['a hint of another client', () => ({ id_token_hint: tokens.id_token ?? '', client_id: 'demo-cli' })],
    ['an ID token without sid of an earlier session', () => ({ id_token_hint: earlierIdToken })],
    ['the sid of another client', () => ({ client_id: 'demo-cli', logout_hint: sid })],
    [
      'the id of another session',
      () => ({ client_id: 'frontend', logout_hint: sid.replace(/^./, (first) => (first === 'x' ? 'y' : 'x')) }),
    ],
    ['the id of the session, but no client', () => ({ logout_hint: sid })],
    ['an unknown client', () => ({ client_id: 'nobody', logout_hint: sid })],
    [
      'a bad hint beside the id of the session',
      () => ({ id_token_hint: 'x', client_id: 'frontend', logout_hint: sid }),
    ],
  ];

  it.each(bad)('contains %s (RP-Initiated Logout §6)', async (_, parameters) => {
    const page = await endSession({ ...parameters(), post_logout_redirect_uri: AFTERWARDS });
    expect([page.status, page.has('#logout')]).toEqual([200, true]);
    expect(await isSignedIn()).toBe(true);
  });

  it('continues to the registered URI of the client once the person confirms', async () => {
    const page = await endSession({ client_id: 'frontend', post_logout_redirect_uri: AFTERWARDS, state: 'x' });
    expect(page.text).toMatch('Trefoil Contacts asks to sign you out');
    expect((await page.submit('#logout')).location?.href).toBe(`${AFTERWARDS}?state=x`);
    expect(await isSignedIn()).toBe(false);
  });

  it('never redirects to a URI that is not registered (RP-Initiated Logout §3)', async () => {
    for (const uri of ['https://evil.example/', `${AFTERWARDS}?x`, DEMO.frontend, `${AFTERWARDS}../`]) {
      const page = await endSession({ client_id: 'frontend', post_logout_redirect_uri: uri });
      expect(page.form('#logout').value('post_logout_redirect_uri')).toBeUndefined();
    }
    const page = await endSession({ client_id: 'frontend', post_logout_redirect_uri: 'https://evil.example/' });
    expect((await page.submit('#logout')).text).toMatch('You are signed out');
  });

  it('ignores the parameters that the confirmation page itself is opened with', async () => {
    const query = new URLSearchParams({ client_id: 'frontend', post_logout_redirect_uri: 'https://evil.example/' });
    const page = await browser.open(`${provider.url}/end-session/confirm?${query.toString()}`);
    expect((await page.submit('#logout')).url.pathname).toBe('/end-session/signed-out');
  });

  it('cannot be confirmed by a form of another site (RP-Initiated Logout §6)', async () => {
    const evil = await new Browser().open(`${provider.url}/`);
    const page = await browser.post(`${provider.url}/end-session`, { form_token: 'guessed' }, evil);
    expect(page.status).toBe(403);
    expect(await isSignedIn()).toBe(true);
  });

  it('keeps the cookie when a form of another site arrives without it', async () => {
    const stranger = newBrowser();
    const page = await stranger.post(`${provider.url}/end-session`, { form_token: 'guessed' });
    expect(page.hops[0].headers.getSetCookie()).toEqual([]);
  });
});

describe('a sign-out without a session', () => {
  it('redirects to the registered URI at once', async () => {
    const page = await endSession({ client_id: 'frontend', post_logout_redirect_uri: AFTERWARDS }, newBrowser());
    expect(page.location?.href).toBe(AFTERWARDS);
  });

  it.each([
    ['a URI that is not registered', { client_id: 'frontend', post_logout_redirect_uri: 'https://evil.example/' }],
    ['a URI without a client', { post_logout_redirect_uri: AFTERWARDS }],
    ['a bad hint', { client_id: 'frontend', post_logout_redirect_uri: AFTERWARDS, id_token_hint: 'x' }],
  ])('ends on a page with %s (RP-Initiated Logout §3)', async (_, parameters) => {
    const page = await endSession(parameters, newBrowser());
    expect([page.status, page.title]).toEqual([200, expect.stringContaining('You are signed out')]);
  });

  it('is refused when a parameter is repeated', async () => {
    const page = await newBrowser().open(`${provider.url}/end-session?state=a&state=b`);
    expect([page.status, page.has('#error-id')]).toEqual([400, true]);
  });

  it('does not tell a signed-in person that they are signed out', async () => {
    const page = await browser.open(`${provider.url}/end-session/signed-out`);
    expect(page.has('#logout')).toBe(true);
  });
});
