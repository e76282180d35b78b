import { demoClients, demoUsers, stackUrls } from '@trefoil/testing';
import { describeWithAuthlib } from './describe-with-authlib.js';
import {
  account,
  asBackend,
  asWebClient,
  authorize,
  backend,
  contacts,
  mtlsAccount,
  mtlsContacts,
  provider,
  register,
  REGISTERED_CALLBACK,
} from './steps.js';
import { FRONTEND_SCOPE } from '../demo-clients.js';

describeWithAuthlib('Authlib, an OAuth library for Python', (newClient) => {
  it('accepts the metadata of the provider (OpenID Connect Discovery §4.3, RFC 8414 §3.3)', async () => {
    const metadata = await newClient().call('discover', { issuer: provider() });
    expect(metadata).toMatchObject({ issuer: provider(), code_challenge_methods_supported: ['S256'] });
  });

  it('as a confidential client: signs in, reads the contacts, refreshes, introspects and revokes tokens', async () => {
    const client = newClient();
    const { tokens, claims } = await (await asWebClient(client)).signIn();
    expect(claims).toMatchObject({ iss: provider(), aud: 'web', at_hash: expect.any(String) });
    expect(await client.call('get', { url: contacts() })).toMatchObject({ status: 200 });

    const refreshed = await client.call('refresh');
    expect(refreshed.access_token).not.toBe(tokens.access_token);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await client.call('get', { url: contacts() })).toMatchObject({ status: 200 });
    const retried = await client.call('refresh', { refresh_token: tokens.refresh_token });
    expect(retried.refresh_token).toBe(refreshed.refresh_token);

    const token = refreshed.access_token;
    expect(await client.call('introspect', { token })).toMatchObject({ active: true, client_id: 'web' });
    const refreshToken = { token: refreshed.refresh_token, token_type_hint: 'refresh_token' };
    expect(await client.call('revoke', refreshToken)).toBe(200);
    expect(await client.call('introspect', { token })).toEqual({ active: false });
    await expect(client.call('refresh', { refresh_token: refreshed.refresh_token })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('as a public client: signs in with a loopback redirect on its own port, and reads userinfo (RFC 8252 §7.3)', async () => {
    const client = newClient();
    const redirect_uri = 'http://127.0.0.1:50004/callback';
    await client.call('discover', { issuer: provider() });
    await client.call('open', { client_id: 'demo-cli', redirect_uri, scope: 'openid email account:read' });
    const callback = await authorize(await client.call('authorization_url'), redirect_uri);
    const { claims } = await client.call('redeem', { callback });
    expect(await client.call('userinfo')).toMatchObject({ sub: claims.sub, email: demoUsers.alice.username });
    expect(await client.call('get', { url: account() })).toMatchObject({ status: 200 });
    expect((await client.call('refresh')).refresh_token).toBeDefined();
  });

  it('redeems no code from a response with another state (RFC 6749 §10.12)', async () => {
    const client = newClient();
    const redirect_uri = 'http://127.0.0.1:50004/callback';
    await client.call('discover', { issuer: provider() });
    await client.call('open', { client_id: 'demo-cli', redirect_uri, scope: 'openid' });
    const callback = await authorize(await client.call('authorization_url'), redirect_uri);
    await client.call('authorization_url');
    await expect(client.call('redeem', { callback })).rejects.toMatchObject({ type: 'MismatchingStateException' });
  });

  it('as a resource server: exchanges the token of its caller for one of the account API (RFC 8693)', async () => {
    const [caller, server] = [newClient(), newClient()];
    const { tokens, claims } = await (await asWebClient(caller)).signIn();
    await asBackend(server);
    const exchanged = await server.call('exchange', {
      subject_token: tokens.access_token,
      resource: `${provider()}/api`,
      scope: 'account:read',
    });
    expect(exchanged).toMatchObject({
      token_type: 'Bearer',
      scope: 'account:read',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
    expect(await server.call('get', { url: mtlsAccount() })).toMatchObject({ status: 200 });
    expect(await server.call('get', { url: mtlsContacts() })).toMatchObject({ status: 401 });
    expect(await server.call('introspect', { token: exchanged.access_token })).toMatchObject({
      sub: claims.sub,
      act: { sub: 'backend' },
    });
  });

  it('as a machine client: gets a token with its secret and exports the contacts (RFC 6749 §4.4)', async () => {
    const client = newClient();
    const { clientId: client_id, clientSecret: client_secret } = demoClients.marketingSync;
    await client.call('discover', { issuer: provider() });
    await client.call('open', { client_id, client_secret });
    await client.call('client_credentials', { scope: 'contacts:export' });
    expect(await client.call('get', { url: `${backend()}/v1/exports/contacts` })).toMatchObject({ status: 200 });
  });

  it.each(['client_secret_basic', 'client_secret_post'])('registers itself, and signs in with %s', async (method) => {
    const client = newClient();
    const { client_id, client_secret } = await register(client, { token_endpoint_auth_method: method });
    const options = { client_id, client_secret, token_endpoint_auth_method: method, scope: 'openid email' };
    await client.call('open', { ...options, redirect_uri: REGISTERED_CALLBACK });
    const callback = await authorize(await client.call('authorization_url'), REGISTERED_CALLBACK);
    expect((await client.call('redeem', { callback })).claims).toMatchObject({ aud: client_id });
    expect((await client.call('refresh')).refresh_token).toBeDefined();
  });

  it('pushes its authorization request (RFC 9126)', async () => {
    const client = newClient();
    await asWebClient(client);
    const pushed = await client.call('push', { scope: FRONTEND_SCOPE, resource: backend() });
    expect(pushed.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:/);
    expect(new URL(pushed.url).searchParams.size).toBe(2);
    const callback = await authorize(pushed.url, `${stackUrls().frontend}/callback`);
    expect((await client.call('redeem', { callback })).claims).toMatchObject({ aud: 'web' });
  });
});
