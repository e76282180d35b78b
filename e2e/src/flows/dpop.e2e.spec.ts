import { demoClients, demoUsers, DpopKey, RelyingParty, stackUrls } from '@trefoil/testing';
import * as openid from 'openid-client';
import { aliceAtFrontend, cliClient, webClient } from '../clients/demo-clients.js';

/** Signs alice in, and redeems the code with a DPoP handle of openid-client. */
async function signInWithDpop(client: RelyingParty, options: Parameters<RelyingParty['authorize']>[0]) {
  const DPoP = openid.getDPoPHandle(client.configuration, await openid.randomDPoPKeyPair());
  const dpop_jkt = await DPoP.calculateThumbprint();
  const parameters = { ...options.parameters, dpop_jkt };
  const { callback, checks } = await client.authorize({ ...options, parameters });
  const exchanged = { ...checks, idTokenExpected: true };
  const tokens = await openid.authorizationCodeGrant(client.configuration, callback, exchanged, undefined, { DPoP });
  return { DPoP, tokens };
}

const backendContacts = () => new URL(`${stackUrls().backend}/v1/contacts`);
const aliceAtCli = () => ({ ...demoUsers.alice, scope: 'openid email account:read' });

describe('openid-client with DPoP (RFC 9449)', () => {
  it('as a confidential client: signs in, calls the backend, refreshes with a new key and introspects', async () => {
    const client = await webClient();
    const { DPoP, tokens } = await signInWithDpop(client, aliceAtFrontend());
    expect(tokens.token_type).toBe('dpop');
    const { configuration } = client;
    const read = (token: string, handle = DPoP) =>
      openid.fetchProtectedResource(configuration, token, backendContacts(), 'GET', undefined, undefined, {
        DPoP: handle,
      });
    expect((await read(tokens.access_token)).status).toBe(200);
    // The second request uses the nonce from the first response.
    expect((await read(tokens.access_token)).status).toBe(200);

    const other = openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair());
    const refresh = tokens.refresh_token ?? '';
    const refreshed = await openid.refreshTokenGrant(configuration, refresh, undefined, { DPoP: other });
    expect(refreshed.token_type).toBe('dpop');
    expect((await read(refreshed.access_token, other)).status).toBe(200);
    await expect(read(refreshed.access_token, DPoP)).rejects.toMatchObject({ status: 401 });

    const shown = await openid.tokenIntrospection(configuration, refreshed.access_token);
    expect(shown).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: await other.calculateThumbprint() } });
  });

  it('reads the profile, for which the backend exchanges the bound token (RFC 8693)', async () => {
    const client = await webClient();
    const { DPoP, tokens } = await signInWithDpop(client, aliceAtFrontend());
    const url = new URL(`${stackUrls().backend}/v1/profile`);
    const answer = await openid.fetchProtectedResource(
      client.configuration,
      tokens.access_token,
      url,
      'GET',
      undefined,
      undefined,
      { DPoP },
    );
    expect(await answer.json()).toMatchObject({ account: { email: 'alice@example.com' } });
  });

  it('as a public client: signs in, reads userinfo and account, and can refresh only with the same key (RFC 9449 §5)', async () => {
    const client = await cliClient();
    const { configuration } = client;
    const { DPoP, tokens } = await signInWithDpop(client, aliceAtCli());
    const sub = tokens.claims()?.sub ?? '';
    expect(await openid.fetchUserInfo(configuration, tokens.access_token, sub, { DPoP })).toMatchObject({ sub });
    const url = new URL(`${stackUrls().provider}/api/account`);
    const options = { DPoP };
    const account = await openid.fetchProtectedResource(
      configuration,
      tokens.access_token,
      url,
      'GET',
      undefined,
      undefined,
      options,
    );
    expect(await account.json()).toMatchObject({ sub, email: 'alice@example.com' });

    const other = openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair());
    const refresh = tokens.refresh_token ?? '';
    for (const stolen of [undefined, { DPoP: other }]) {
      await expect(openid.refreshTokenGrant(configuration, refresh, undefined, stolen)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    }
    const refreshed = await openid.refreshTokenGrant(configuration, refresh, undefined, options);
    expect(refreshed.token_type).toBe('dpop');
  });

  it('a stolen bound token is refused without the key (RFC 9449 §1)', async () => {
    const client = await webClient();
    const { tokens } = await signInWithDpop(client, aliceAtFrontend());
    const attacker = await DpopKey.generate();
    const accessToken = tokens.access_token;
    const dpop = await attacker.proof({ method: 'GET', url: backendContacts().href, accessToken });
    for (const authorization of [`Bearer ${accessToken}`, `DPoP ${accessToken}`]) {
      const answer = await fetch(backendContacts(), { headers: { authorization, dpop } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  it('a stolen code is refused without the key to which it is bound (RFC 9449 §10)', async () => {
    const client = await cliClient();
    const { jkt } = await DpopKey.generate();
    const { callback, checks } = await client.authorize({ ...aliceAtCli(), parameters: { dpop_jkt: jkt } });
    await expect(client.redeem(callback, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('as a machine client: gets bound tokens (RFC 9449 §5)', async () => {
    const { provider, backend } = stackUrls();
    const client = await RelyingParty.discover({
      issuer: provider,
      ...demoClients.marketingSync,
      redirectUri: 'https://unused.example',
    });
    const DPoP = openid.getDPoPHandle(client.configuration, await openid.randomDPoPKeyPair());
    const parameters = { scope: 'contacts:export' };
    const tokens = await openid.clientCredentialsGrant(client.configuration, parameters, { DPoP });
    const answer = await openid.fetchProtectedResource(
      client.configuration,
      tokens.access_token,
      new URL(`${backend}/v1/exports/contacts`),
      'GET',
      undefined,
      undefined,
      { DPoP },
    );
    expect([tokens.token_type, answer.status]).toEqual(['dpop', 200]);
  });
});
