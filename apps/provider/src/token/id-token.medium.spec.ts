import { testDatabase } from '@trefoil/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { signInAt } from '../testing/sign-in-at.js';
import { givenClient } from '../testing/test-clients.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
  'an ID token is signed with the algorithm that its client registered: %s (OpenID Connect Registration §2)',
  async (idTokenSignedResponseAlg) => {
    const client = await givenClient(provider, { idTokenSignedResponseAlg });
    const { id_token } = await signInAt(provider, client);
    const keys = createRemoteJWKSet(new URL(`${provider.url}/jwks`));
    const { protectedHeader } = await jwtVerify(String(id_token), keys, {
      issuer: provider.url,
      audience: client.clientId,
    });
    expect(protectedHeader.alg).toBe(idTokenSignedResponseAlg);
  },
);
