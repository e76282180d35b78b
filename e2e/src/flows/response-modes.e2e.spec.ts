import { demoUsers, describeWithChromium, type Page, type RelyingParty, signInAndConsent } from '@trefoil/testing';
import * as openid from 'openid-client';
import { frontendClient } from '../clients/demo-clients.js';

/** Signs alice in, and returns the authorization response as a page. */
async function signIn(client: RelyingParty, { response_mode, ...parameters }: Record<string, string>) {
  const { url, checks } = await client.authorizationRequest(parameters);
  if (response_mode) url.searchParams.set('response_mode', response_mode);
  return { page: await signInAndConsent(await client.newBrowser().open(url)), checks };
}

/** Returns the request that the page of a form_post response sends. */
function posted(page: Page): Request {
  const { url, body = '' } = page.form('#continue').submission();
  return new Request(url, { method: 'POST', body: new URLSearchParams(body) });
}

const redeem = (client: RelyingParty, response: URL | Request, checks: object) =>
  openid.authorizationCodeGrant(client.configuration, response, { ...checks, idTokenExpected: true });

describe('openid-client receives the authorization response', () => {
  it('in a posted form (OAuth 2.0 Form Post Response Mode §2)', async () => {
    const client = await frontendClient();
    const { page, checks } = await signIn(client, { response_mode: 'form_post' });
    const tokens = await redeem(client, posted(page), checks);
    expect(tokens.claims()).toMatchObject({ aud: 'frontend' });
  });

  it('as a signed response in the query (JARM §2.3.1)', async () => {
    const client = await frontendClient();
    openid.useJwtResponseMode(client.configuration);
    const { page, checks } = await signIn(client, {});
    expect([...(page.location?.searchParams.keys() ?? [])]).toEqual(['response']);
    const tokens = await redeem(client, page.location ?? new URL('about:blank'), checks);
    expect(tokens.claims()).toMatchObject({ aud: 'frontend' });
  });

  it('as a signed response in a form (JARM §2.3.3)', async () => {
    const client = await frontendClient();
    openid.useJwtResponseMode(client.configuration);
    const { page, checks } = await signIn(client, { response_mode: 'form_post.jwt' });
    expect(await redeem(client, posted(page), checks)).toHaveProperty('access_token');
  });

  it('as a signed response that carries an error (JARM §2.1)', async () => {
    const client = await frontendClient();
    openid.useJwtResponseMode(client.configuration);
    const { page, checks } = await signIn(client, { prompt: 'none' });
    await expect(redeem(client, page.location ?? new URL('about:blank'), checks)).rejects.toMatchObject({
      error: 'login_required',
    });
  });
});

describeWithChromium('a browser', (newPage) => {
  it('posts the form of a form_post response by itself (OAuth 2.0 Form Post Response Mode §2)', async () => {
    const client = await frontendClient();
    const { url, checks } = await client.authorizationRequest({ response_mode: 'form_post' });
    const page = await newPage();
    let response: Request | undefined;
    await page.route(`${client.redirectUri}*`, async (route) => {
      const request = route.request();
      response = new Request(request.url(), {
        method: request.method(),
        body: new URLSearchParams(request.postData() ?? ''),
      });
      await route.fulfill({ body: 'The client has received the response' });
    });
    await page.goto(url.href);
    await page.fill('input[name=username]', demoUsers.alice.username);
    await page.fill('input[name=password]', demoUsers.alice.password);
    await page.click('#login');
    await page.waitForURL(/\/(consent|callback)/);
    if (await page.locator('#allow').count()) await page.click('#allow');
    await page.waitForURL(client.redirectUri);
    if (!response) throw new Error('The client received no authorization response.');
    expect(await redeem(client, response, checks)).toHaveProperty('access_token');
  });
});
