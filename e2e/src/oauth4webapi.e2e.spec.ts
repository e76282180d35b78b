import { demoUsers, stackUrls } from '@trefoil/testing';
import { Browser } from '@trefoil/testing';
import * as oauth from 'oauth4webapi';

const insecure = { [oauth.allowInsecureRequests]: true };
const redirectUri = 'http://127.0.0.1:51004/callback';

describe('oauth4webapi, driven step by step', () => {
  it('goes through the whole of OAuth 2.1 and OpenID Connect, with every check it knows', async () => {
    const issuer = new URL(stackUrls().provider);
    const found = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oidc' });
    const server = await oauth.processDiscoveryResponse(issuer, found);
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
});
