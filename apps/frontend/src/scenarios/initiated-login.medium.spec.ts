import { Browser, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;
let browser: Browser;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(() => {
  browser = new Browser();
});

type Send = (parameters: Record<string, string>) => ReturnType<Browser['open']>;

const byGet: Send = (parameters) => browser.open(`${frontend.url}/login?${new URLSearchParams(parameters).toString()}`);
const byPost: Send = (parameters) => browser.post(`${frontend.url}/login`, parameters);

describe.each<[string, Send]>([
  ['GET', byGet],
  ['POST', byPost],
])('a sign-in that another site asks for by %s (OpenID Connect Core §4)', (_, send) => {
  it('leads through the provider to the page in target_link_uri', async () => {
    const page = await send({ iss: frontend.issuer.url, target_link_uri: `${frontend.url}/contacts?search=a` });
    expect([page.status, page.url.href]).toEqual([200, `${frontend.url}/contacts?search=a`]);
  });

  it('forwards login_hint to the provider', async () => {
    await send({ iss: frontend.issuer.url, login_hint: 'alice@example.com' });
    expect(frontend.issuer.authorizations.at(-1)?.get('login_hint')).toBe('alice@example.com');
  });

  it('leads to the start page without target_link_uri', async () => {
    expect((await send({ iss: frontend.issuer.url })).url.href).toBe(`${frontend.url}/`);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    'javascript:alert(1)',
    'USER@evil.example',
    '.evil.example/contacts',
  ])('never leads to another origin: %s (OpenID Connect Core §4)', async (target) => {
    const target_link_uri = target.startsWith('.') || target.startsWith('USER') ? `${frontend.url}${target}` : target;
    expect((await send({ iss: frontend.issuer.url, target_link_uri })).url.href).toBe(`${frontend.url}/`);
  });

  it('is refused for another issuer, with a page that offers a next step', async () => {
    const before = frontend.issuer.authorizations.length;
    const page = await send({ iss: 'https://evil.example' });
    expect([page.status, page.has('a[href]')]).toEqual([400, true]);
    expect(frontend.issuer.authorizations).toHaveLength(before);
  });
});

describe('a form of another site that asks for a sign-in', () => {
  it('must name the issuer', async () => {
    expect((await byPost({ target_link_uri: `${frontend.url}/contacts` })).status).toBe(400);
  });

  it('does not change the existing session when it is refused', async () => {
    await browser.open(`${frontend.url}/login`);
    const session = await browser.cookie('trefoil_frontend_session', frontend.url);
    await byPost({ iss: 'https://evil.example' });
    expect(await browser.cookie('trefoil_frontend_session', frontend.url)).toBe(session);
  });
});
