import { demoUsers, describeWithChromium, type Page, type RelyingParty } from '@trefoil/testing';
import * as openid from 'openid-client';
import { frontendClient } from './clients.js';

/** Signs alice in and allows what is asked, up to what the provider hands over to the client. */
async function signIn(client: RelyingParty, { response_mode, ...parameters }: Record<string, string>) {
  const { url, checks } = await client.authorizationRequest(parameters);
  if (response_mode) url.searchParams.set('response_mode', response_mode);
  const answer = async (page: Page): Promise<Page> => {
    if (page.has('#login')) return answer(await page.submit('#login', demoUsers.alice));
    return page.has('#allow') ? page.submit('#allow') : page;
  };
  return { page: await answer(await client.newBrowser().open(url)), checks };
}

/** The request that the page of a form response makes. */
function posted(page: Page): Request {
  const { url, body = '' } = page.form('#continue').submission();
  return new Request(url, { method: 'POST', body: new URLSearchParams(body) });
}

const redeem = (client: RelyingParty, answer: URL | Request, checks: object) =>
  openid.authorizationCodeGrant(client.configuration, answer, { ...checks, idTokenExpected: true });

describe('openid-client is answered', () => {
  it('by a form that is posted (OAuth 2.0 Form Post Response Mode §2)', async () => {
    const client = await frontendClient();
    const { page, checks } = await signIn(client, { response_mode: 'form_post' });
    const tokens = await redeem(client, posted(page), checks);
    expect(tokens.claims()).toMatchObject({ aud: 'frontend' });
  });

  it('by a signed response in the query (JARM §2.3.1)', async () => {
    const client = await frontendClient();
    openid.useJwtResponseMode(client.configuration);
    const { page, checks } = await signIn(client, {});
    expect([...(page.location?.searchParams.keys() ?? [])]).toEqual(['response']);
    const tokens = await redeem(client, page.location ?? new URL('about:blank'), checks);
    expect(tokens.claims()).toMatchObject({ aud: 'frontend' });
  });

  it('by a signed response in a form (JARM §2.3.3)', async () => {
    const client = await frontendClient();
    openid.useJwtResponseMode(client.configuration);
    const { page, checks } = await signIn(client, { response_mode: 'form_post.jwt' });
    expect(await redeem(client, posted(page), checks)).toHaveProperty('access_token');
  });

  it('with errors by the same way (JARM §2.1)', async () => {
    const client = await frontendClient();
    openid.useJwtResponseMode(client.configuration);
    const { page, checks } = await signIn(client, { prompt: 'none' });
    await expect(redeem(client, page.location ?? new URL('about:blank'), checks)).rejects.toMatchObject({
      error: 'login_required',
    });
  });
});

describeWithChromium('a browser', (newPage) => {
  it('goes on from the page of a form response by itself (OAuth 2.0 Form Post Response Mode §2)', async () => {
    const client = await frontendClient();
    const { url, checks } = await client.authorizationRequest({ response_mode: 'form_post' });
    const page = await newPage();
    let answer: Request | undefined;
    await page.route(`${client.redirectUri}*`, async (route) => {
      const request = route.request();
      answer = new Request(request.url(), {
        method: request.method(),
        body: new URLSearchParams(request.postData() ?? ''),
      });
      await route.fulfill({ body: 'The client has its answer' });
    });
    await page.goto(url.href);
    await page.fill('input[name=username]', demoUsers.alice.username);
    await page.fill('input[name=password]', demoUsers.alice.password);
    await page.click('#login');
    await page.waitForURL(/\/(consent|callback)/);
    if (await page.locator('#allow').count()) await page.click('#allow');
    await page.waitForURL(client.redirectUri);
    if (!answer) throw new Error('the client was not answered');
    expect(await redeem(client, answer, checks)).toHaveProperty('access_token');
  });
});
