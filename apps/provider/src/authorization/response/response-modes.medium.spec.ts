import { demoUsers, describeWithChromium, type Page, testDatabase } from '@trefoil/testing';
import { compactVerify, createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { authorizationUrl } from '../../testing/authorization-url.js';
import { type ClientServer, startClientServer } from '../../testing/client-server.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { answerAll, answerIn, ask, browserOf, redeem } from '../../testing/sign-in-at.js';
import { givenClient } from '../../testing/test-clients.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const keys = () => createRemoteJWKSet(new URL(`${provider.url}/jwks`));

describe('form_post', () => {
  it('sends code, state and iss in a form that needs no JavaScript (Form Post Response Mode §2)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode: 'form_post' }));
    const { method, url, body } = page.form('#continue').submission();
    expect([method, url.href]).toEqual(['POST', client.redirectUri]);
    const { code, ...others } = Object.fromEntries(new URLSearchParams(body));
    expect(others).toEqual({ state: 'the-state', iss: provider.url });
    expect((await redeem(provider, client, code ?? '')).status).toBe(200);
  });

  it('sends a page that is not cached and runs only its own script (Form Post Response Mode §4)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode: 'form_post' }));
    expect(page.headers.get('cache-control')).toBe('no-store');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy.match(/script-src ([^;]+)/)?.[1]).toMatch(/^'sha256-[^' ]+'$/);
    expect(policy).not.toMatch(/unsafe|form-action/);
  });

  it('renews a sign-in in a frame of the client, while sign-in and consent pages cannot be framed (RFC 9700 §4.16)', async () => {
    const client = await givenClient(provider);
    const browser = browserOf(client);
    const ancestors = (page: Page) =>
      /frame-ancestors ([^;]*)/.exec(page.headers.get('content-security-policy') ?? '')?.[1];
    const signIn = await ask(provider, client, browser, { response_mode: 'form_post' });
    expect([ancestors(signIn), signIn.headers.get('x-frame-options')]).toEqual(["'none'", 'DENY']);
    const consent = await signIn.submit('#login', demoUsers.alice);
    expect([ancestors(consent), consent.headers.get('x-frame-options')]).toEqual(["'none'", 'DENY']);
    await consent.submit('#allow');
    const silent = await ask(provider, client, browser, { response_mode: 'form_post', prompt: 'none' });
    expect(silent.form('#continue').value('code')).toMatch(/^tfc_/);
    expect(ancestors(silent)).toBe('https://client.example');
  });

  it('sends errors too (Form Post Response Mode §2)', async () => {
    const client = await givenClient(provider);
    for (const changes of [{ prompt: 'none' }, { scope: 'unknown' }]) {
      const page = await ask(provider, client, browserOf(client), { response_mode: 'form_post', ...changes });
      expect(page.form('#continue').value('error')).toMatch(/^(login_required|invalid_scope)$/);
      expect(page.form('#continue').value('state')).toBe('the-state');
    }
  });
});

describe.each(['jwt', 'query.jwt'])('%s', (response_mode) => {
  it('sends one signed response, for this client, that expires (JARM §2.1, §2.3)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode }));
    const { response, ...others } = answerIn(page);
    expect(others).toEqual({});
    const { payload, protectedHeader } = await jwtVerify(response ?? '', keys(), {
      issuer: provider.url,
      audience: client.clientId,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toEqual({
      iss: provider.url,
      aud: client.clientId,
      iat: expect.any(Number),
      exp: expect.any(Number),
      code: expect.stringMatching(/^tfc_/),
      state: 'the-state',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(600);
    expect((await redeem(provider, client, String(payload.code))).status).toBe(200);
  });

  it('sends errors too (JARM §2.1)', async () => {
    const client = await givenClient(provider);
    const page = await ask(provider, client, browserOf(client), { response_mode, prompt: 'none' });
    expect(decodeJwt(answerIn(page).response ?? '')).toMatchObject({ error: 'login_required', state: 'the-state' });
  });
});

describe('form_post.jwt', () => {
  it('sends the signed response in a form (JARM §2.3.3)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode: 'form_post.jwt' }));
    const values = page.form('#continue').values;
    expect([...values.keys()]).toEqual(['response']);
    expect(decodeJwt(values.get('response') ?? '')).toMatchObject({ code: expect.any(String), aud: client.clientId });
  });
});

describe('a client that may use jwt only', () => {
  it.each([{}, { response_mode: 'query' }, { response_mode: 'form_post' }, { response_mode: 'fragment' }])(
    'gets a signed error for %j (FAPI 2.0 Message Signing §5.3.3, §5.4.1)',
    async (changes) => {
      const client = await givenClient(provider, { responseModes: ['jwt'] });
      const { response, ...others } = answerIn(await ask(provider, client, browserOf(client), changes));
      expect(others).toEqual({});
      const { payload } = await jwtVerify(response ?? '', keys(), { audience: client.clientId });
      expect(payload).toMatchObject({ error: 'invalid_request', state: 'the-state' });
    },
  );

  it('gets the code in a signed response (FAPI 2.0 Message Signing §5.4.1)', async () => {
    const client = await givenClient(provider, { responseModes: ['jwt'] });
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode: 'jwt' }));
    expect(decodeJwt(answerIn(page).response ?? '')).toHaveProperty('code');
  });
});

it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
  'a response is signed with the algorithm that its client registered: %s (JARM §3)',
  async (authorizationSignedResponseAlg) => {
    const client = await givenClient(provider, { authorizationSignedResponseAlg });
    const page = await ask(provider, client, browserOf(client), { response_mode: 'jwt', prompt: 'none' });
    const { protectedHeader } = await compactVerify(answerIn(page).response ?? '', keys());
    expect(protectedHeader.alg).toBe(authorizationSignedResponseAlg);
  },
);

describeWithChromium('a frame in a browser', (newPage) => {
  let frame = '';
  let sites: ClientServer[];
  beforeAll(async () => {
    const start = () =>
      startClientServer(({ url }, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end(url === '/renew' ? frame : '');
      });
    sites = [await start(), await start()];
  });
  afterAll(() => Promise.all(sites.map((site) => site.stop())));

  it('renews a sign-in silently for its client, and is blocked on other sites (RFC 9700 §4.16)', async () => {
    // The same host name as the provider makes the frame same-site, so that the browser sends the cookies.
    const [own = '', other = ''] = sites.map(({ origin }) => origin.replace('127.0.0.1', 'localhost'));
    const client = await givenClient(provider, { redirectUris: [`${own}/callback`] });
    const parameters = { client_id: client.clientId, redirect_uri: client.redirectUri, scope: 'openid' };
    const silently = { ...parameters, response_mode: 'form_post', prompt: 'none' };
    frame = `<iframe src="${authorizationUrl(provider.url, silently).href.replaceAll('&', '&amp;')}"></iframe>`;
    const page = await newPage();
    await page.goto(authorizationUrl(provider.url, parameters).href);
    await page.fill('input[name=username]', demoUsers.alice.username);
    await page.fill('input[name=password]', demoUsers.alice.password);
    await page.click('#login');
    await page.click('#allow');
    await page.waitForURL(/callback\?code=/);

    const answered = page.waitForRequest((each) => each.method() === 'POST' && each.url() === client.redirectUri);
    await page.goto(`${own}/renew`);
    expect((await answered).postData()).toMatch(/^code=tfc_/);

    const blocked = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.goto(`${other}/renew`);
    await blocked;
    expect(sites[0]?.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
