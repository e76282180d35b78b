import { testDatabase } from '@trefoil/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { signInAt } from '../../testing/sign-in-at.js';
import { type ClientOptions, givenClient, type TestClient } from '../../testing/test-clients.js';

const JWT_TYPE = 'application/token-introspection+jwt';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const introspect = ({ authorization = '' }: TestClient, token: string, accept: string) =>
  fetch(`${provider.url}/introspect`, {
    method: 'POST',
    headers: { authorization, accept },
    body: new URLSearchParams({ token }),
  });

async function signed(options: ClientOptions = {}, token?: string) {
  const client = await givenClient(provider, options);
  const { access_token } = await signInAt(provider, client);
  const answer = await introspect(client, token ?? access_token, `application/json;q=0.5, ${JWT_TYPE}`);
  const keys = createRemoteJWKSet(new URL(`${provider.url}/jwks`));
  const verified = await jwtVerify(await answer.text(), keys, { issuer: provider.url, audience: client.clientId });
  return { answer, client, ...verified };
}

describe('a signed introspection response', () => {
  it('has the caller as audience, its own type, and no further claims (RFC 9701 §5)', async () => {
    const { answer, client, payload, protectedHeader } = await signed();
    expect(answer.headers.get('content-type')).toMatch(JWT_TYPE);
    expect(protectedHeader).toMatchObject({ typ: 'token-introspection+jwt', alg: 'RS256' });
    expect(Object.keys(payload).sort()).toEqual(['aud', 'iat', 'iss', 'token_introspection']);
    expect(payload.token_introspection).toMatchObject({ active: true, client_id: client.clientId, scope: 'openid' });
  });

  it('is signed with the algorithm that its client registered (RFC 9701 §6)', async () => {
    const { protectedHeader } = await signed({ introspectionSignedResponseAlg: 'EdDSA' });
    expect(protectedHeader.alg).toBe('EdDSA');
  });

  it('contains only `active: false` for an invalid token (RFC 9701 §5)', async () => {
    expect((await signed({}, 'no-token')).payload.token_introspection).toEqual({ active: false });
  });

  it.each(['application/json', '*/*', ''])('is sent on request only, not for %j (RFC 9701 §4)', async (accept) => {
    const client = await givenClient(provider, { introspectionSignedResponseAlg: 'ES256' });
    const answer = await introspect(client, 'no-token', accept);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(await answer.json()).toEqual({ active: false });
  });
});
