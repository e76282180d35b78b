import { Browser, testDatabase } from '@trefoil/testing';
import { SessionIndex } from '@trefoil/web-server';
import { createHmac } from 'node:crypto';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

const { jest } = import.meta;

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(async () => {
  frontend.issuer.tokenAnswer = undefined;
  frontend.issuer.user = { sub: 'alice', name: 'Alice' };
  await frontend.forgetSessions();
});

async function signedIn(sub = 'alice'): Promise<Browser> {
  frontend.issuer.user = { sub, name: sub };
  const browser = new Browser();
  await browser.open(`${frontend.url}/login`);
  return browser;
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.open(`${frontend.url}/contacts`, { follow: false })).status === 200;
}

async function send(body: string | Record<string, string>, headers: Record<string, string> = {}, url = frontend.url) {
  const answer = await fetch(`${url}/backchannel-logout`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : new URLSearchParams(body),
  });
  const text = await answer.text();
  const json = (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
  return { status: answer.status, headers: answer.headers, text, json };
}

const logout = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  send({ logout_token: frontend.issuer.logoutToken(claims, header) });

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('a logout token of the provider', () => {
  it('ends every session that belongs to its sid, and no other (Back-Channel Logout §2.7)', async () => {
    const [first, second, other] = [await signedIn(), await signedIn(), await signedIn('bob')];
    const { status, headers, text } = await logout();
    expect([status, headers.get('cache-control'), text]).toEqual([200, 'no-store', '']);
    expect([await isSignedIn(first), await isSignedIn(second), await isSignedIn(other)]).toEqual([false, false, true]);
  });

  it('ends every session of the user when it has no sid (Back-Channel Logout §2.4)', async () => {
    const [mine, other] = [await signedIn(), await signedIn('bob')];
    expect((await logout({ sid: undefined })).status).toBe(200);
    expect([await isSignedIn(mine), await isSignedIn(other)]).toEqual([false, true]);
  });

  it('ends sessions on all replicas', async () => {
    const browser = await signedIn();
    const replica = await frontend.addReplica();
    await send({ logout_token: frontend.issuer.logoutToken() }, {}, replica);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is accepted for a session that has ended already', async () => {
    expect((await logout({ sid: 'long-gone' })).status).toBe(200);
  });

  it('needs no cookie, no origin and no form token, because the provider’s server sends it', async () => {
    const browser = await signedIn();
    const logout_token = frontend.issuer.logoutToken();
    expect(
      (await send({ logout_token }, { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(200);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is accepted with other events beside the logout event (Back-Channel Logout §2.4)', async () => {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {}, 'https://example.com/event': {} };
    expect((await logout({ events })).status).toBe(200);
  });
});

describe('a logout token of a provider that gives it no type of its own, with LOGOUT_TOKEN_TYPE=optional', () => {
  it('is accepted, and other kinds of JWT are not (Back-Channel Logout §2.4, RFC 8725 §3.11)', async () => {
    const replica = await frontend.addReplica('0', { LOGOUT_TOKEN_TYPE: 'optional' });
    const status = async (claims: Record<string, unknown>, header: Record<string, unknown>) =>
      (await send({ logout_token: frontend.issuer.logoutToken(claims, header) }, {}, replica)).status;
    for (const typ of [undefined, 'JWT', 'logout+jwt']) expect(await status({}, { typ })).toBe(200);
    expect(await status({}, { typ: 'at+jwt' })).toBe(400);
    expect(await status({ events: undefined }, { typ: undefined })).toBe(400);
    expect(await status({ nonce: 'n' }, { typ: undefined })).toBe(400);
  });
});

describe('a logout token that arrives while a sign-in is being finished', () => {
  /** Sends the logout token after the code was redeemed and before the frontend receives the tokens. */
  const duringRedemption = (claims: Record<string, unknown>, url?: string) => {
    frontend.issuer.tokenAnswer = async (usual) => {
      frontend.issuer.tokenAnswer = undefined;
      const answer = usual();
      const logout_token = frontend.issuer.logoutToken(claims);
      expect((await send({ logout_token }, {}, url)).status).toBe(200);
      return answer;
    };
  };

  it.each<[string, Record<string, unknown>]>([
    ['its session at the provider', {}],
    ['its user', { sid: undefined }],
  ])('ends the sign-in, when it is for %s, at any replica (Back-Channel Logout §2.7)', async (_, claims) => {
    duringRedemption(claims, await frontend.addReplica());
    const browser = new Browser();
    const page = await browser.open(`${frontend.url}/login?return_to=/contacts`);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('You were signed out')]);
    expect(page.link('Sign in again').searchParams.get('return_to')).toBe('/contacts');
    expect(await frontend.countSessions()).toBe(0);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another session at the provider', { sid: 'another' }],
    ['another user', { sid: undefined, sub: 'bob' }],
  ])('does not end the sign-in, when it is for %s', async (_, claims) => {
    duringRedemption(claims);
    expect(await isSignedIn(await signedIn())).toBe(true);
  });

  it('ends the sign-in also when it arrives while the session is being written', async () => {
    const usual = SessionIndex.prototype.add;
    const spy = jest.spyOn(SessionIndex.prototype, 'add').mockImplementation(async function (
      this: SessionIndex,
      ...entry
    ) {
      await usual.apply(this, entry);
      if (entry[0] === 'sub') await logout();
    });
    const browser = await signedIn();
    spy.mockRestore();
    expect(await isSignedIn(browser)).toBe(false);
    expect(await frontend.countSessions()).toBe(0);
  });

  it('for a user does not prevent the sign-ins that follow', async () => {
    expect((await logout({ sid: undefined, iat: Math.floor(Date.now() / 1000) - 5 })).status).toBe(200);
    expect(await isSignedIn(await signedIn())).toBe(true);
  });
});

describe('an invalid logout token is refused and ends nothing (Back-Channel Logout §2.6)', () => {
  const now = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => Record<string, unknown>, Record<string, unknown>]>([
    ['of another issuer', () => ({ iss: 'https://evil.example' }), {}],
    ['for another client', () => ({ aud: 'backend' }), {}],
    ['that has expired', () => ({ iat: now() - 300, exp: now() - 60 }), {}],
    ['that never expires', () => ({ exp: undefined }), {}],
    ['that lives for a year', () => ({ exp: now() + 365 * 24 * 3600 }), {}],
    ['without iat', () => ({ iat: undefined }), {}],
    ['without jti', () => ({ jti: undefined }), {}],
    ['without events', () => ({ events: undefined }), {}],
    ['with another event only', () => ({ events: { 'https://example.com/event': {} } }), {}],
    [
      'whose event is not an object',
      () => ({ events: { 'http://schemas.openid.net/event/backchannel-logout': true } }),
      {},
    ],
    ['with a nonce, which only ID tokens have', () => ({ nonce: 'n' }), {}],
    ['without sub and sid', () => ({ sub: undefined, sid: undefined }), {}],
    ['whose sid is not a string', () => ({ sid: 7 }), {}],
    ['with the type of another kind of JWT (RFC 8725 §3.11)', () => ({}), { typ: 'JWT' }],
    ['without a type', () => ({}), { typ: undefined }],
    ['with a key that the provider does not publish', () => ({}), { kid: 'other' }],
    ['with an algorithm that does not fit its key', () => ({}), { alg: 'PS256' }],
  ])('%s', async (_, claims, header) => {
    const browser = await signedIn();
    const { status, headers, json } = await logout(claims(), header);
    expect([status, json.error]).toEqual([400, 'invalid_request']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('without a signature, or with a MAC keyed with the public key (RFC 8725 §3.1)', async () => {
    const [, payload = ''] = frontend.issuer.logoutToken().split('.');
    const none = `${encoded({ alg: 'none', typ: 'logout+jwt' })}.${payload}.`;
    expect((await send({ logout_token: none })).status).toBe(400);
    const jwks = await (await fetch(`${frontend.issuer.url}/jwks`)).text();
    const signed = `${encoded({ alg: 'HS256', typ: 'logout+jwt', kid: 'test' })}.${payload}`;
    const mac = createHmac('sha256', jwks).update(signed).digest('base64url');
    expect((await send({ logout_token: `${signed}.${mac}` })).status).toBe(400);
  });

  it('whose content was changed', async () => {
    const [header, , signature] = frontend.issuer.logoutToken().split('.');
    const payload = frontend.issuer.logoutToken({ sid: 'another' }).split('.')[1];
    expect((await send({ logout_token: `${header}.${payload}.${signature}` })).status).toBe(400);
  });

  it('that was used before, at any replica', async () => {
    const logout_token = frontend.issuer.logoutToken();
    const replica = await frontend.addReplica();
    expect((await send({ logout_token })).status).toBe(200);
    expect((await send({ logout_token }, {}, replica)).status).toBe(400);
  });

  it.each<[string, string | Record<string, string>, Record<string, string>]>([
    ['not there', {}, {}],
    ['empty', { logout_token: '' }, {}],
    ['garbage', { logout_token: 'garbage' }, {}],
    ['sent twice', 'logout_token=a&logout_token=b', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['JSON', '{"logout_token":"a"}', { 'content-type': 'application/json' }],
  ])('that is %s', async (_, body, headers) => {
    const { status, json } = await send(body, headers);
    expect([status, json.error]).toEqual([400, 'invalid_request']);
  });

  it('with an OAuth error instead of a page, even for a browser', async () => {
    const { status, json } = await send({ logout_token: 'garbage' }, { accept: 'text/html' });
    expect([status, json.error]).toEqual([400, 'invalid_request']);
  });
});

describe('while the provider is down', () => {
  it('a replica without keys answers a logout token with 503 and Retry-After, and accepts it afterwards', async () => {
    const browser = await signedIn();
    const replica = await frontend.addReplica();
    const logout_token = frontend.issuer.logoutToken();
    await frontend.issuer.stop();
    const { status, headers } = await send({ logout_token }, {}, replica);
    await frontend.issuer.start();
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await send({ logout_token }, {}, replica)).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(false);
  });
});
