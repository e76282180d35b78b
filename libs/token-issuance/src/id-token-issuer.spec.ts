import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { jwtVerify } from 'jose';
import { createHash } from 'node:crypto';
import { IdTokenIssuer } from './id-token-issuer.js';
import { generateSigningKey, type SigningKey } from './signing-key.js';
import { SigningKeys } from './signing-keys.js';

class OneKey extends SigningKeys {
  constructor(private readonly key: SigningKey) {
    super();
  }
  override async current(): Promise<SigningKey> {
    return this.key;
  }
  override async published(): Promise<readonly SigningKey[]> {
    return [this.key];
  }
}

const content = { aud: 'client', sub: 'alice', sid: 'session', auth_time: 1, lifetime: 60 };

describe('IdTokenIssuer', () => {
  it.each<[SigningAlgorithm, string]>([
    ['RS256', 'sha256'],
    ['PS256', 'sha256'],
    ['ES256', 'sha256'],
    ['EdDSA', 'sha512'],
  ])(
    'signs with %s, and binds the access token with the left half of its %s hash (OpenID Connect Core §3.1.3.6)',
    async (alg, hash) => {
      const key = await generateSigningKey(alg);
      const idToken = await new IdTokenIssuer(new OneKey(key)).issue('https://id.example', alg, {
        ...content,
        accessToken: 'the-access-token',
      });
      const { payload, protectedHeader } = await jwtVerify(idToken, key.publicKey, { issuer: 'https://id.example' });
      expect(protectedHeader).toEqual({ alg, kid: key.kid, typ: 'JWT' });
      const digest = createHash(hash).update('the-access-token').digest();
      expect(payload.at_hash).toBe(digest.subarray(0, digest.length / 2).toString('base64url'));
      expect(payload).not.toHaveProperty('c_hash');
    },
  );

  it('does not let a claim about the user replace a claim about the sign-in', async () => {
    const key = await generateSigningKey('ES256');
    const userClaims = { sub: 'bob', aud: 'other', iss: 'https://evil.example', name: 'Alice' };
    const idToken = await new IdTokenIssuer(new OneKey(key)).issue('https://id.example', 'ES256', {
      ...content,
      userClaims,
    });
    const { payload } = await jwtVerify(idToken, key.publicKey);
    expect(payload).toMatchObject({ iss: 'https://id.example', aud: 'client', sub: 'alice', name: 'Alice' });
  });
});
