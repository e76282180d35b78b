import { stackUrls } from '@trefoil/testing';
import * as openid from 'openid-client';
import {
  aliceAtFrontend,
  callBackend,
  callBackendAsFrontend,
  cliClient,
  frontendClient,
  webClient,
} from './demo-clients.js';

describe('openid-client, a certified OpenID Connect client, as a confidential client', () => {
  it.each([
    ['a secret', 'web', webClient, (token: string) => callBackend('/v1/contacts', `Bearer ${token}`)],
    ['a certificate', 'frontend', frontendClient, (token: string) => callBackendAsFrontend('/v1/contacts', token)],
  ])(
    'with %s: signs in, reads the contacts, refreshes, introspects and revokes tokens',
    async (_, clientId, discover, readContacts) => {
      const client = await discover();
      const tokens = await client.signIn(aliceAtFrontend());
      expect(tokens.claims()).toMatchObject({ iss: stackUrls().provider, aud: clientId });
      expect((await readContacts(tokens.access_token)).status).toBe(200);

      const refreshed = await openid.refreshTokenGrant(client.configuration, tokens.refresh_token ?? '');
      expect(refreshed.access_token).not.toBe(tokens.access_token);
      expect(refreshed.claims()?.sub).toBe(tokens.claims()?.sub);

      const inspected = await openid.tokenIntrospection(client.configuration, refreshed.access_token);
      expect(inspected).toMatchObject({ active: true, client_id: clientId, aud: stackUrls().backend });

      await openid.tokenRevocation(client.configuration, refreshed.refresh_token ?? '');
      expect((await openid.tokenIntrospection(client.configuration, refreshed.access_token)).active).toBe(false);
      await expect(openid.refreshTokenGrant(client.configuration, refreshed.refresh_token ?? '')).rejects.toMatchObject(
        { error: 'invalid_grant' },
      );
    },
  );
});

describe('openid-client as a public native app', () => {
  it('signs in with a redirect to its own port, and reads userinfo (RFC 8252 §7.3, OpenID Connect Core §5.3)', async () => {
    const client = await cliClient();
    const tokens = await client.signIn({
      ...aliceAtFrontend(),
      scope: 'openid email profile account:read',
      parameters: {},
    });
    const sub = tokens.claims()?.sub ?? '';
    const info = await openid.fetchUserInfo(client.configuration, tokens.access_token, sub);
    expect(info).toMatchObject({ sub, email: 'alice@example.com', email_verified: true, given_name: 'Alice' });

    const account = await fetch(`${stackUrls().provider}/api/account`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await account.json()).toMatchObject({ sub, email: 'alice@example.com' });
  });
});
