import { testDatabase } from '@trefoil/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { signInAt } from '../../testing/sign-in-at.js';
import { givenClient } from '../../testing/test-clients.js';
import { payloadOf } from '../../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
  'userinfo is a JWT signed with the algorithm its client registered: %s (OpenID Connect Core §5.3.2)',
  async (userinfoSignedResponseAlg) => {
    const client = await givenClient(provider, { userinfoSignedResponseAlg });
    const { access_token, id_token } = await signInAt(provider, client, { changes: { scope: 'openid email' } });
    const answer = await fetch(`${provider.url}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/jwt\b/);
    const { payload, protectedHeader } = await jwtVerify(
      await answer.text(),
      createRemoteJWKSet(new URL(`${provider.url}/jwks`)),
      { issuer: provider.url, audience: client.clientId },
    );
    expect(protectedHeader.alg).toBe(userinfoSignedResponseAlg);
    expect(payload).toMatchObject({ sub: payloadOf(id_token).sub, email: 'alice@example.com' });
  },
);

it('a signed userinfo response cannot be used as id_token_hint (RFC 8725 §3.11)', async () => {
  const client = await givenClient(provider, { userinfoSignedResponseAlg: 'ES256' });
  const { access_token } = await signInAt(provider, client);
  const answer = await fetch(`${provider.url}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(payloadOf(await answer.text())).not.toHaveProperty('sid');
});
