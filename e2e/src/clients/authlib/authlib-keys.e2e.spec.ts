import { demoUsers } from '@trefoil/testing';
import { describeWithAuthlib } from './describe-with-authlib.js';
import {
  account,
  asWebClient,
  authorize,
  backend,
  contacts,
  provider,
  register,
  REGISTERED_CALLBACK,
} from './steps.js';

describeWithAuthlib('Authlib as a client that signs its assertions and requests (RFC 7523, RFC 9101)', (newClient) => {
  it.each<[string, [string, string | number]]>([
    ['ES256', ['EC', 'P-256']],
    ['PS256', ['RSA', 2048]],
    ['RS256', ['RSA', 2048]],
    ['EdDSA', ['OKP', 'Ed25519']],
  ])('signs in with client assertions and a pushed request, signed with %s', async (alg, key) => {
    const client = newClient();
    // Authlib 1.2 cannot verify at_hash with EdDSA.
    const idTokenAlg = alg === 'EdDSA' ? 'RS256' : alg;
    const { client_id } = await register(
      client,
      {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: alg,
        request_object_signing_alg: alg,
        id_token_signed_response_alg: idTokenAlg,
      },
      key,
    );
    // By default, Authlib's assertions have the URL of the called endpoint as audience, and expire after an hour.
    await client.call('open', { client_id, signs: { alg }, redirect_uri: REGISTERED_CALLBACK, scope: 'openid email' });
    const pushed = await client.call('push', { sign_with: alg });
    const signedIn = await client.call('redeem', { callback: await authorize(pushed.url, REGISTERED_CALLBACK) });
    expect(signedIn.id_token_alg).toBe(idTokenAlg);
    expect(await client.call('userinfo')).toMatchObject({
      sub: signedIn.claims.sub,
      email: demoUsers.alice.username,
    });
    expect((await client.call('refresh')).refresh_token).not.toBe(signedIn.tokens.refresh_token);
  });
});

describeWithAuthlib(
  'Authlib with DPoP (RFC 9449), which signs its proofs with its own JOSE implementation',
  (newClient) => {
    it('signs in, calls the backend, and refreshes with a new key, using the nonces that the servers send', async () => {
      const client = newClient();
      const { tokens } = await (await asWebClient(client, { dpop: true })).signIn();
      expect(tokens.token_type).toBe('DPoP');
      expect(await client.call('get', { url: contacts() })).toMatchObject({ status: 200 });
      expect(await client.call('get', { url: `${backend()}/v1/profile` })).toMatchObject({ status: 200 });
      const jkt = await client.call('dpop_key');
      const { access_token: token } = tokens;
      expect(await client.call('introspect', { token })).toMatchObject({ token_type: 'DPoP', cnf: { jkt } });

      await client.call('change_dpop_key');
      expect(await client.call('get', { url: contacts() })).toMatchObject({
        status: 401,
        challenge: expect.stringContaining('error="invalid_token"'),
      });
      expect((await client.call('refresh')).token_type).toBe('DPoP');
      expect(await client.call('get', { url: contacts() })).toMatchObject({ status: 200 });
    });

    it('retries with the nonce of the provider and of the backend when they refuse its own (RFC 9449 §8, §9)', async () => {
      const client = newClient();
      await (await asWebClient(client, { dpop: true })).signIn();
      const before = await client.call('challenges');
      await client.call('forget_nonces', { instead: 'made-up' });
      expect(await client.call('get', { url: contacts() })).toMatchObject({ status: 200 });
      expect((await client.call('refresh')).token_type).toBe('DPoP');
      expect((await client.call('challenges')) - before).toBe(2);
      // Each nonce is kept for its server, so there are no further challenges.
      expect(await client.call('get', { url: contacts() })).toMatchObject({ status: 200 });
      expect((await client.call('refresh')).token_type).toBe('DPoP');
      expect((await client.call('challenges')) - before).toBe(2);
    });
  },
);

describeWithAuthlib('Authlib as a client of FAPI 2.0', (newClient) => {
  it('signs in with client assertions, a pushed request and DPoP-bound tokens (FAPI 2.0 §5.3)', async () => {
    const client = newClient();
    const metadata = { security_profile: 'fapi2', scope: 'openid email account:read' };
    const { client_id, security_profile } = await register(client, metadata, ['EC', 'P-256']);
    expect(security_profile).toBe('fapi2');
    const signs = { alg: 'ES256', audience: provider() };
    await client.call('open', { client_id, signs, dpop: true, redirect_uri: REGISTERED_CALLBACK });
    await client.call('forget_nonces', { instead: 'made-up' });
    const pushed = await client.call('push', { scope: 'openid email account:read' });
    expect(await client.call('challenges')).toBe(1);

    const { tokens, claims } = await client.call('redeem', {
      callback: await authorize(pushed.url, REGISTERED_CALLBACK),
    });
    expect(tokens.token_type).toBe('DPoP');
    expect(await client.call('get', { url: account() })).toMatchObject({ status: 200 });
    expect(await client.call('userinfo')).toMatchObject({ sub: claims.sub });
    // Refresh tokens are bound to the client and not rotated (FAPI 2.0 §5.3.2.1).
    expect((await client.call('refresh')).refresh_token).toBe(tokens.refresh_token);
    expect(await client.call('revoke', { token: tokens.refresh_token })).toBe(200);
    await expect(client.call('refresh')).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
