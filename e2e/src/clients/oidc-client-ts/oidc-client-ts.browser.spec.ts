import { demoUsers, describeWithChromium, type NewPage, stackUrls } from '@trefoil/testing';
import type { Page } from 'playwright-core';
import { register } from '../../conformance/suite-client.js';
import { type BrowserApp, serveBrowserApp } from './browser-app.js';

/** The signed-in user, as the page returns it. */
interface ShownUser {
  token: string;
  type: string;
  refresh?: string;
  idToken: string;
  profile: Record<string, unknown>;
}

let app: BrowserApp;

beforeAll(async () => {
  app = await serveBrowserApp();
});
afterAll(() => app.stop());

/** Registers the application, and opens it in a browser with the settings for the library. */
async function openApp(newPage: NewPage, { dpop, scope }: { dpop: boolean; scope: string }): Promise<Page> {
  const grant_types = ['authorization_code', ...(dpop ? ['refresh_token'] : [])];
  const { body } = await register({
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${app.origin}/callback`, `${app.origin}/silent`],
    post_logout_redirect_uris: [`${app.origin}/bye`],
    grant_types,
    scope,
    dpop_bound_access_tokens: dpop,
  });
  const settings = {
    authority: stackUrls().provider,
    client_id: body.client_id,
    redirect_uri: `${app.origin}/callback`,
    silent_redirect_uri: `${app.origin}/silent`,
    post_logout_redirect_uri: `${app.origin}/bye`,
    ...{ scope, automaticSilentRenew: false },
    ...(dpop && { dpop: { bind_authorization_code: true } }),
  };
  const page = await newPage();
  await page.goto(app.origin);
  await page.evaluate(`sessionStorage.settings = ${JSON.stringify(JSON.stringify(settings))}`);
  await page.reload();
  return page;
}

async function signIn(page: Page): Promise<ShownUser> {
  await page.evaluate('void app.signIn()');
  await page.waitForURL(`${stackUrls().provider}/**`);
  if (await page.locator('#login').count()) {
    await page.fill('input[name=username]', demoUsers.alice.username);
    await page.fill('input[name=password]', demoUsers.alice.password);
    await page.click('#login');
  }
  await page.waitForSelector('#allow');
  await page.click('#allow');
  await page.waitForURL(`${app.origin}/callback?**`);
  return page.evaluate<ShownUser>('app.finish()');
}

/** The library is for applications that run in the browser alone: public clients on their own site (RFC 10017 §6.3). */
describeWithChromium('oidc-client-ts in a real browser', (newPage) => {
  it('signs in with PKCE, binds tokens to a DPoP key, refreshes, reads userinfo, revokes tokens and signs out', async () => {
    const page = await openApp(newPage, { dpop: true, scope: 'openid email' });
    const user = await signIn(page);
    expect(user.type.toLowerCase()).toBe('dpop');

    const renewed = await page.evaluate<ShownUser>('app.renew()');
    expect(renewed.token).not.toBe(user.token);
    expect(renewed.refresh).not.toBe(user.refresh);

    const userinfo = `${stackUrls().provider}/userinfo`;
    const read = () => page.evaluate(`app.read('${userinfo}')`);
    expect(await read()).toMatchObject({ status: 200, body: { sub: user.profile.sub, email: 'alice@example.com' } });
    const stolen = await fetch(userinfo, { headers: { authorization: `Bearer ${renewed.token}` } });
    expect(stolen.status).toBe(401);

    await page.evaluate('app.revoke()');
    expect(await page.evaluate('app.renew().then(() => "renewed", (error) => error.error)')).not.toBe('renewed');

    await page.evaluate('void app.signOut()');
    await page.waitForURL(`${app.origin}/bye`);
  });

  it('gets no silent response to a loopback redirect URI, for which the user must always consent (RFC 8252 §8.6)', async () => {
    const page = await openApp(newPage, { dpop: false, scope: 'openid email' });
    expect((await signIn(page)).refresh).toBeUndefined();
    expect(await page.evaluate('app.renew().catch((error) => error.error)')).toBe('consent_required');
  });
});
