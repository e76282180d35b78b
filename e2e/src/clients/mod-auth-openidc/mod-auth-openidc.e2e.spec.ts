import { freePort, type Stack, startTemporaryStack, waitUntil } from '@trefoil/local-stack';
import { Browser, demoUsers, signInAndConsent } from '@trefoil/testing';
import { describeWithModAuthOpenidc } from './describe-with-mod-auth-openidc.js';
import { keyDirectives, newKeyFiles } from './key-files.js';
import { environmentOf, ProtectedSite, SCOPE } from './protected-site.js';

/** The provider in this stack may call Apache on loopback, for its keys and its back-channel logout. */
let stack: Stack;
let site: ProtectedSite;
let port: number;

/** Returns the URLs of the requests that a browser sent to a path of the provider. */
const requestsTo = (browser: Browser, path: string): URL[] =>
  browser.transcript.map(({ request }) => request.url).filter((url) => url.href.startsWith(`${site.provider}${path}`));

/** Sends a request to the provider with the client credentials of Apache. */
async function postToProvider(path: string, [id, secret = '']: [string, string?], body: Record<string, string>) {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const request = { method: 'POST', headers: { authorization }, body: new URLSearchParams(body) };
  return (await fetch(`${site.provider}${path}`, request)).json();
}

describeWithModAuthOpenidc('mod_auth_openidc, an OpenID Connect client in C', (startApache) => {
  // All tests share one key pair, because the provider caches the keys that it fetched from an address.
  const files = newKeyFiles();

  beforeAll(async () => {
    port = await freePort();
    const origin = `http://localhost:${port}`;
    const environment = { provider: { OUTBOUND_ALLOWED_ORIGINS: origin } };
    stack = await startTemporaryStack({ only: ['provider'], environment });
    site = new ProtectedSite(stack.urls.provider, origin);
  }, 60_000);
  afterAll(() => stack.stop());

  it('signs in with PKCE, reads userinfo, and passes the claims to the application (RFC 7636, OpenID Connect Core §5.3)', async () => {
    await startApache({ port, openid: await site.registered() });
    const browser = new Browser();
    const environment = environmentOf(await site.signIn(browser));
    expect(environment).toMatchObject({
      AUTH_TYPE: 'openid-connect',
      REMOTE_USER: `${environment.OIDC_CLAIM_sub}@${site.provider}`,
      OIDC_CLAIM_iss: site.provider,
      OIDC_CLAIM_email: demoUsers.alice.username,
      OIDC_CLAIM_name: 'Alice Marie Appleton',
    });
    const requested = requestsTo(browser, '/authorize')[0]?.searchParams;
    expect(requested?.get('code_challenge_method')).toBe('S256');
    const { id_token, userinfo } = await site.sessionInfo(browser);
    expect(id_token).toMatchObject({ at_hash: expect.any(String), nonce: requested?.get('nonce') });
    expect(userinfo).toMatchObject({ sub: id_token.sub, email_verified: true });
  });

  it('refreshes when the application asks for it, and gets two new tokens (RFC 6749 §6)', async () => {
    await startApache({ port, openid: await site.registered() });
    const browser = new Browser();
    await site.signIn(browser);
    const before = await site.sessionInfo(browser);
    const query = new URLSearchParams({ refresh: site.claims, access_token: before.access_token });
    expect((await browser.open(`${site.callback}?${query.toString()}`)).url.href).toBe(site.claims);
    const after = await site.sessionInfo(browser);
    expect(after.access_token).not.toBe(before.access_token);
    expect(after.refresh_token).not.toBe(before.refresh_token);
  });

  it('refreshes by itself before the access token expires', async () => {
    const openid = { OIDCRefreshAccessTokenBeforeExpiry: '3600 logout_on_error' };
    await startApache({ port, openid: await site.registered({}, openid) });
    const browser = new Browser();
    await site.signIn(browser);
    const before = await site.sessionInfo(browser);
    for (let time = 0; time < 3; time += 1) expect((await browser.open(site.claims)).url.href).toBe(site.claims);
    const after = await site.sessionInfo(browser);
    expect(after.access_token).not.toBe(before.access_token);
    expect(after.refresh_token).not.toBe(before.refresh_token);
  });

  it('signs out at the provider, and revokes its tokens (RP-Initiated Logout §2, RFC 7009)', async () => {
    const credentials = await site.register();
    await startApache({ port, openid: site.withCredentials({ ...credentials }) });
    const browser = new Browser();
    await site.signIn(browser);
    const { access_token, refresh_token } = await site.sessionInfo(browser);
    const query = new URLSearchParams({ logout: site.signedOut });
    expect((await browser.open(`${site.callback}?${query.toString()}`)).url.href).toBe(site.signedOut);
    expect(requestsTo(browser, '/end-session')[0]?.searchParams.has('id_token_hint')).toBe(true);

    expect((await browser.open(site.claims)).has('#login')).toBe(true);
    const client: [string, string?] = [credentials.OIDCClientID, credentials.OIDCClientSecret];
    const refresh = { grant_type: 'refresh_token', refresh_token };
    expect(await postToProvider('/token', client, refresh)).toMatchObject({ error: 'invalid_grant' });
    expect(await postToProvider('/introspect', client, { token: access_token })).toEqual({ active: false });
  });

  it('ends its session when it receives a logout token (Back-Channel Logout §2.5)', async () => {
    const openid = await site.registered({
      backchannel_logout_uri: `${site.callback}?logout=backchannel`,
      backchannel_logout_session_required: true,
    });
    await startApache({ port, openid });
    const [browser, elsewhere] = [new Browser(), new Browser()];
    for (const each of [browser, elsewhere]) await site.signIn(each);
    expect(await site.isSignedIn(browser)).toBe(true);

    const { sid } = (await site.sessionInfo(browser)).id_token;
    const query = new URLSearchParams({ client_id: openid.OIDCClientID as string, logout_hint: sid as string });
    await browser.open(`${site.provider}/end-session?${query.toString()}`);
    expect(await waitUntil(async () => !(await site.isSignedIn(browser)), { timeout: 10_000 })).toBe(true);
    expect(await site.isSignedIn(elsewhere)).toBe(true);
  });

  it('authenticates with private_key_jwt, and publishes its keys (RFC 7523 §3)', async () => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${site.callback}?jwks=rsa` };
    const more = { ...keyDirectives, OIDCProviderTokenEndpointAuth: 'private_key_jwt' };
    await startApache({ port, openid: await site.registered(metadata, more), files });
    expect(environmentOf(await site.signIn(new Browser()))).toMatchObject({
      OIDC_CLAIM_email: demoUsers.alice.username,
    });
  });

  it('signs its authorization request (RFC 9101)', async () => {
    const metadata = { jwks_uri: `${site.callback}?jwks=rsa`, request_object_signing_alg: 'RS256' };
    const pkce = ['code_challenge', 'code_challenge_method'];
    const requestObject = JSON.stringify({
      copy_and_remove_from_request: ['scope', 'state', 'nonce', 'redirect_uri', ...pkce],
      copy_from_request: ['client_id', 'response_type'],
      crypto: { sign_alg: 'RS256' },
      request_object_type: 'request',
    });
    const more = { ...keyDirectives, OIDCRequestObject: `"${requestObject.replaceAll('"', '\\"')}"` };
    await startApache({ port, openid: await site.registered(metadata, more), files });
    const browser = new Browser();
    expect(environmentOf(await site.signIn(browser))).toMatchObject({ OIDC_CLAIM_iss: site.provider });
    const sent = [...(requestsTo(browser, '/authorize')[0]?.searchParams.keys() ?? [])];
    expect(sent.sort()).toEqual(['client_id', 'request', 'response_type']);
  });

  it('posts its request and receives the response in a form (OpenID Connect Core §3.1.2.1, Form Post Response Mode)', async () => {
    const more = { OIDCProviderAuthRequestMethod: 'POST', OIDCResponseMode: 'form_post' };
    await startApache({ port, openid: await site.registered({}, more) });
    // With JavaScript, both forms would submit themselves.
    const login = await (await new Browser().open(site.claims)).submit('form');
    const page = await (await signInAndConsent(login)).submit('form');
    expect(page.url.href).toBe(site.claims);
    expect(environmentOf(page)).toMatchObject({ OIDC_CLAIM_email: demoUsers.alice.username });
  });

  it.each(['ES256', 'PS256'])('verifies an ID token and userinfo signed with %s', async (alg) => {
    const metadata = { id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg };
    const openid = await site.registered(metadata, {
      OIDCIDTokenSignedResponseAlg: alg,
      OIDCUserInfoSignedResponseAlg: alg,
      OIDCUserInfoTokenMethod: 'post_param',
      OIDCPassUserInfoAs: 'claims jwt',
    });
    await startApache({ port, openid });
    const environment = environmentOf(await site.signIn(new Browser()));
    expect(environment).toMatchObject({ OIDC_CLAIM_email: demoUsers.alice.username });
    expect(environment.OIDC_userinfo_jwt).toMatch(/^eyJ/);
  });

  it('registers itself when a third party starts the sign-in (RFC 7591, OpenID Connect Core §4)', async () => {
    const metadata = await fetch(`${site.provider}/.well-known/openid-configuration`);
    const settings = {
      registration_token: 'demo-initial-access-token',
      // By default it would request everything that it supports, including `implicit`.
      registration_endpoint_json: JSON.stringify({
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      }),
      scope: SCOPE,
      pkce_method: 'S256',
    };
    const name = encodeURIComponent(new URL(site.provider).host);
    await startApache({
      port,
      openid: { ...site.basics, OIDCMetadataDir: '${own}' },
      files: { [`${name}.provider`]: await metadata.text(), [`${name}.conf`]: JSON.stringify(settings) },
    });
    const query = new URLSearchParams({ iss: site.provider, target_link_uri: site.claims });
    const page = await signInAndConsent(await new Browser().open(`${site.callback}?${query.toString()}`));
    expect(page.url.href).toBe(site.claims);
    expect(environmentOf(page)).toMatchObject({ OIDC_CLAIM_email: demoUsers.alice.username });
  });
});
