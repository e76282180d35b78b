import type { Browser, Page } from '@trefoil/testing';
import { issuer, newBrowser, SuiteClient } from './suite-client.js';

const AFTER = 'https://rp.example/signed-out';

let client: SuiteClient;
let browser: Browser;
let idToken: string;

beforeAll(async () => {
  client = await SuiteClient.register({ post_logout_redirect_uris: [AFTER] });
});
beforeEach(async () => {
  browser = newBrowser();
  idToken = (await client.signIn({}, browser)).id_token;
});

const signOut = (parameters: Record<string, string> = {}) =>
  browser.open(`${issuer()}/end-session?${new URLSearchParams(parameters).toString()}`);

const isSignedIn = async () => {
  const page = await browser.open(client.authorizationUrl({ prompt: 'none' }));
  return page.location?.searchParams.get('error') !== 'login_required';
};

/** Returns whether the browser is still at the provider, which shows a page and does not redirect. */
const staysAtProvider = (page: Page) => page.location === undefined && page.url.href.startsWith(issuer());

/** The modules of `oidcc-rp-initiated-logout-certification-test-plan`. */
describe('the plan RP-Initiated Logout OP', () => {
  it('oidcc-rp-initiated-logout: signs out, and redirects to the client with state', async () => {
    const page = await signOut({ id_token_hint: idToken, post_logout_redirect_uri: AFTER, state: 'the-state' });
    expect(page.location?.href).toBe(`${AFTER}?state=the-state`);
    expect(await isSignedIn()).toBe(false);
  });

  it('oidcc-rp-initiated-logout-no-state: redirects without state', async () => {
    const page = await signOut({ id_token_hint: idToken, post_logout_redirect_uri: AFTER });
    expect(page.location?.href).toBe(AFTER);
  });

  it.each([
    ['no-params', {}],
    ['only-state', { state: 'the-state' }],
    ['no-id-token-hint', { post_logout_redirect_uri: AFTER }],
    ['bad-id-token-hint', { post_logout_redirect_uri: AFTER, id_token_hint: 'bad' }],
  ])('oidcc-rp-initiated-logout-%s: asks the user for confirmation, and then signs out', async (_, parameters) => {
    const page = await signOut(parameters);
    expect([staysAtProvider(page), page.has('#logout')]).toEqual([true, true]);
    expect(await isSignedIn()).toBe(true);
    expect(staysAtProvider(await (await signOut(parameters)).submit('#logout'))).toBe(true);
    expect(await isSignedIn()).toBe(false);
  });

  it('oidcc-rp-initiated-logout-modified-id-token-hint: ignores the hint', async () => {
    const [header = '', payload = '', signature = ''] = idToken.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody else' })).toString('base64url');
    const id_token_hint = [header, changed, signature].join('.');
    const page = await signOut({ post_logout_redirect_uri: AFTER, id_token_hint });
    expect([staysAtProvider(page), await isSignedIn()]).toEqual([true, true]);
  });

  it('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: signs out, and shows a page of the provider', async () => {
    const page = await signOut({ id_token_hint: idToken });
    expect([staysAtProvider(page), page.status]).toEqual([true, 200]);
    expect(await isSignedIn()).toBe(false);
  });

  it.each([
    ['bad-post-logout-redirect-uri', 'https://rp.example/not-registered'],
    ['query-added-to-post-logout-redirect-uri', `${AFTER}?foo=bar`],
  ])('oidcc-rp-initiated-logout-%s: does not redirect to it', async (_, post_logout_redirect_uri) => {
    const page = await signOut({ id_token_hint: idToken, post_logout_redirect_uri });
    expect(staysAtProvider(page)).toBe(true);
  });
});
