import { Browser, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';
import { later } from '../testing/later.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());

const SIGN_OUT = 'form[action="/logout"]';

async function signedIn(): Promise<Browser> {
  const browser = new Browser();
  await browser.open(`${frontend.url}/login`);
  return browser;
}

describe('signing out', () => {
  it('ends the session here and at the provider, and names it by sid, never by an ID token', async () => {
    const browser = await signedIn();
    const before = await frontend.countSessions();
    const page = await (await browser.open(`${frontend.url}/contacts`)).submit(SIGN_OUT);
    expect(page.url.href).toBe(`${frontend.url}/`);
    expect(page.text).toContain('Sign in');
    expect(await frontend.countSessions()).toBe(before - 1);
    expect(await browser.cookie('trefoil_frontend_session', frontend.url)).toBeUndefined();
    expect(Object.fromEntries(frontend.issuer.endedSessions.at(-1) ?? [])).toEqual({
      client_id: 'frontend',
      post_logout_redirect_uri: `${frontend.url}/`,
      logout_hint: 'sid-of-alice',
    });
    expect(browser.receivedTokens()).toEqual([]);
  });

  it('revokes the refresh token, also when the browser never reaches the provider (RFC 7009 §2.1)', async () => {
    const browser = await signedIn();
    const page = await browser.open(`${frontend.url}/logout`);
    const before = frontend.issuer.countRefreshTokens();
    const answer = await fetch(`${frontend.url}/logout`, {
      method: 'POST',
      body: new URLSearchParams({ form_token: page.form('#logout').value('form_token') ?? '' }),
      headers: { Origin: frontend.url, Cookie: await browser.cookies.getCookieString(frontend.url) },
      redirect: 'manual',
    });
    expect(answer.status).toBe(303);
    expect(frontend.issuer.countRefreshTokens()).toBe(before - 1);
  });

  it('succeeds when the provider cannot revoke the refresh token', async () => {
    const page = await (await signedIn()).open(`${frontend.url}/logout`);
    frontend.issuer.refusesRevocations = true;
    const answer = await page.submit('#logout');
    frontend.issuer.refusesRevocations = false;
    expect(answer.url.href).toBe(`${frontend.url}/`);
  });

  it('makes copies of the session cookie useless', async () => {
    const browser = await signedIn();
    const cookie = await browser.cookies.getCookieString(frontend.url);
    await (await browser.open(frontend.url)).submit(SIGN_OUT);
    const answer = await fetch(`${frontend.url}/profile`, { headers: { Cookie: cookie } });
    expect(answer.status).toBe(401);
  });

  it('needs a button, and a link alone does nothing', async () => {
    const browser = await signedIn();
    const before = await frontend.countSessions();
    const page = await browser.open(`${frontend.url}/logout`);
    expect(page.status).toBe(200);
    expect(await frontend.countSessions()).toBe(before);
    await page.submit('#logout');
    expect(await frontend.countSessions()).toBe(before - 1);
  });

  it('is refused for a form of another site, or without the form token', async () => {
    const browser = await signedIn();
    const page = await browser.open(`${frontend.url}/logout`);
    expect((await browser.post(`${frontend.url}/logout`, {})).status).toBe(403);
    expect((await page.submit('#logout', { form_token: 'x' })).status).toBe(403);
    expect((await browser.open(`${frontend.url}/contacts`)).status).toBe(200);
  });

  it('ends the session at the provider after a confirmation there, when the session here has ended already', async () => {
    const browser = await signedIn();
    const page = await browser.open(`${frontend.url}/logout`);
    await frontend.forgetSessions();
    await page.submit('#logout');
    expect(frontend.issuer.endedSessions.at(-1)?.has('logout_hint')).toBe(false);
  });

  it('ends the session here while the provider is down, and explains that the session there may continue', async () => {
    const browser = await signedIn();
    const page = await browser.open(`${frontend.url}/logout`);
    const before = await frontend.countSessions();
    await frontend.issuer.stop();
    const answer = await later(2, () => page.submit('#logout'));
    await frontend.issuer.start();
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('You are signed out here');
    expect(await frontend.countSessions()).toBe(before - 1);
    expect(await browser.cookie('trefoil_frontend_session', frontend.url)).toBeUndefined();
    const requests = frontend.issuer.endedSessions.length;
    expect((await answer.submit('#logout')).url.href).toBe(`${frontend.url}/`);
    expect(frontend.issuer.endedSessions).toHaveLength(requests + 1);
  });

  it('says that a signed-out user is signed out', async () => {
    const page = await new Browser().open(`${frontend.url}/logout`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('You are signed out');
  });
});
