import { testDatabase } from '@trefoil/testing';
import { compactVerify, importJWK, type JWK } from 'jose';
import { givenAccountTokens, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const jwks = () => request(provider, '/jwks');

const PUBLIC_MEMBERS: Record<string, string[]> = {
  EC: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  OKP: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
  RSA: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
};

describe('GET /jwks', () => {
  it('publishes a key for each algorithm, with the media type of a key set (RFC 7517 §8.5.2)', async () => {
    const { status, headers, body } = await jwks();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/jwk-set\+json\b/);
    expect(body.keys.map(({ alg, use }: JWK) => [alg, use])).toEqual(
      expect.arrayContaining([
        ['ES256', 'sig'],
        ['RS256', 'sig'],
        ['PS256', 'sig'],
        ['EdDSA', 'sig'],
      ]),
    );
  });

  it('publishes public members only (RFC 7517 §9.2)', async () => {
    const { body } = await jwks();
    for (const key of body.keys) {
      expect(Object.keys(key).sort()).toEqual(PUBLIC_MEMBERS[key.kty]);
    }
  });

  it('may be cached, and may be read by pages of other origins', async () => {
    const { headers } = await request(provider, '/jwks', { headers: { origin: 'https://spa.example' } });
    expect(headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  it('contains the key that signs access tokens', async () => {
    const { accessToken } = await givenAccountTokens(provider);
    const { body } = await jwks();
    const verified = await compactVerify(accessToken, ({ kid }) =>
      importJWK(
        body.keys.find((key: JWK) => key.kid === kid),
        'ES256',
      ),
    );
    expect(verified.protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });
});
