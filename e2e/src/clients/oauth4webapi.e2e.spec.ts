import { Browser, demoUsers, signInAndConsent, stackCertificates, stackUrls, stackWebClient } from '@trefoil/testing';
import * as oauth from 'oauth4webapi';
import { fetchAs } from './app-certificate.js';
import { FRONTEND_SCOPE } from './demo-clients.js';

const insecure = { [oauth.allowInsecureRequests]: true };
const redirectUri = 'http://127.0.0.1:51004/callback';

async function discover(): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(stackUrls().provider);
  const found = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oidc' });
  return oauth.processDiscoveryResponse(issuer, found);
}

describe('oauth4webapi, called step by step', () => {
  it('signs in, reads userinfo, refreshes and revokes tokens, with every check of the library', async () => {
    const server = await discover();
    const client: oauth.Client = { client_id: 'demo-cli' };

    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const request = new URL(server.authorization_endpoint ?? '');
    request.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      max_age: '600',
    }).toString();
    const browser = new Browser({ stopAt: redirectUri });
    const signIn = await browser.open(request);
    const consent = await signIn.submit('#login', demoUsers.bob);
    const callback = (await consent.submit('#allow')).location;
    expect(callback?.searchParams.get('iss')).toBe(server.issuer);

    const parameters = oauth.validateAuthResponse(server, client, callback ?? new URL(redirectUri), state);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
      expectedNonce: nonce,
      maxAge: 600,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, answer, insecure);
    const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: '' };

    const info = await oauth.userInfoRequest(server, client, tokens.access_token, insecure);
    expect(await oauth.processUserInfoResponse(server, client, sub, info)).toMatchObject({ email: 'bob@example.com' });

    const refresh = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      tokens.refresh_token ?? '',
      insecure,
    );
    const refreshed = await oauth.processRefreshTokenResponse(server, client, refresh);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);

    const revocation = await oauth.revocationRequest(
      server,
      client,
      oauth.None(),
      refreshed.refresh_token ?? '',
      insecure,
    );
    await oauth.processRevocationResponse(revocation);
  });

  it('pushes its request, binds its tokens to a DPoP key, and exchanges a token (RFC 9126, RFC 9449, RFC 8693)', async () => {
    const { provider, backend, frontend } = stackUrls();
    const server = await discover();
    const { clientId, clientSecret } = stackWebClient();
    const client: oauth.Client = { client_id: clientId };
    const authentication = oauth.ClientSecretBasic(clientSecret);
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const options = { ...insecure, DPoP };
    const callbackUri = `${frontend}/callback`;
    const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
    const request = {
      redirect_uri: callbackUri,
      response_type: 'code',
      scope: FRONTEND_SCOPE,
      resource: backend,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    };
    const answer = await oauth.pushedAuthorizationRequest(server, client, authentication, request, options);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, answer);
    const url = new URL(server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString();
    const { location } = await signInAndConsent(await new Browser({ stopAt: callbackUri }).open(url));

    const parameters = oauth.validateAuthResponse(server, client, location ?? new URL(callbackUri), state);
    const code = [parameters, callbackUri, verifier, options] as const;
    const redeemed = await oauth.authorizationCodeGrantRequest(server, client, authentication, ...code);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, redeemed, { requireIdToken: true });
    expect(tokens.token_type).toBe('dpop');
    const contacts = new URL(`${backend}/v1/contacts`);
    const read = () => oauth.protectedResourceRequest(tokens.access_token, 'GET', contacts, undefined, null, options);
    // The second request uses the nonce from the first response.
    expect([(await read()).status, (await read()).status]).toEqual([200, 200]);

    const refresh = tokens.refresh_token ?? '';
    const refreshed = await oauth.refreshTokenGrantRequest(server, client, authentication, refresh, options);
    expect((await oauth.processRefreshTokenResponse(server, client, refreshed)).token_type).toBe('dpop');

    // The backend authenticates with its certificate, to which the exchanged token is bound (RFC 8705).
    const resourceServer: oauth.Client = { client_id: 'backend', use_mtls_endpoint_aliases: true };
    const withCertificate = {
      ...insecure,
      [oauth.customFetch]: (url: string, init: object) => fetchAs(stackCertificates(), 'backend')(url, init),
    };
    const exchange = await oauth.genericTokenEndpointRequest(
      server,
      resourceServer,
      oauth.TlsClientAuth(),
      'urn:ietf:params:oauth:grant-type:token-exchange',
      {
        subject_token: tokens.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: `${provider}/api`,
        scope: 'account:read',
      },
      withCertificate,
    );
    const exchanged = await oauth.processGenericTokenEndpointResponse(server, resourceServer, exchange);
    const account = new URL(`${stackCertificates().mtlsUrls.provider}/api/account`);
    const asked = await oauth.protectedResourceRequest(
      exchanged.access_token,
      'GET',
      account,
      undefined,
      null,
      withCertificate,
    );
    expect(await asked.json()).toMatchObject({ email: demoUsers.alice.username });
  });
});
