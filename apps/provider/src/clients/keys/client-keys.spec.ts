import { readJwkSet, type SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { JWK } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { ClientKeys } from './client-keys.js';
import type { PublishedKeySets } from './published-key-sets.js';

const publicJwk = (pair: { publicKey: { export(options: { format: 'jwk' }): object } }) =>
  pair.publicKey.export({ format: 'jwk' }) as JWK;
const ec = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const p384 = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
const rsa = publicJwk(generateKeyPairSync('rsa', { modulusLength: 2048 }));
const shortRsa = publicJwk(generateKeyPairSync('rsa', { modulusLength: 1024 }));
const ed25519 = publicJwk(generateKeyPairSync('ed25519'));

/** Returns how many of some keys match. */
async function matching(keys: unknown[], algorithm: SigningAlgorithm = 'ES256', kid?: string): Promise<number> {
  const nowhere = undefined as unknown as PublishedKeySets;
  const holder = { jwks: { keys: keys as never }, jwksUri: null };
  return (await new ClientKeys(nowhere).find(holder, { algorithm, kid })).length;
}

describe('the keys of a client that match a signature', () => {
  it.each<[SigningAlgorithm, JWK]>([
    ['ES256', ec],
    ['PS256', rsa],
    ['RS256', rsa],
    ['EdDSA', ed25519],
  ])('are those of the right type for %s (RFC 8725 §3.1)', async (algorithm, right) => {
    const others = [ec, p384, rsa, ed25519].filter((key) => key !== right);
    expect([await matching([right], algorithm), await matching(others, algorithm)]).toEqual([1, 0]);
  });

  it('are all keys of the type when the signature has no kid, but ten at most', async () => {
    expect(await matching(Array(30).fill(ec))).toBe(10);
  });

  it('are only those with the kid of the signature (RFC 7515 §4.1.4)', async () => {
    expect(await matching([{ ...ec, kid: 'a' }, { ...ec, kid: 'b' }, ec], 'ES256', 'b')).toBe(1);
    expect(await matching([{ ...ec, kid: 'a' }, ec], 'ES256', 'c')).toBe(0);
  });

  it.each<[string, object]>([
    ['for encryption', { use: 'enc' }],
    ['for signing only', { key_ops: ['sign'] }],
    ['for another algorithm', { alg: 'ES384' }],
    ['of another curve', { crv: 'P-384' }],
    ['with a missing coordinate', { y: undefined }],
    ['with a point that is not on the curve', { x: ec.y }],
  ])('do not include a key %s (RFC 7517 §4)', async (_, changes) => {
    expect(await matching([{ ...ec, ...changes }])).toBe(0);
    expect(await matching([{ ...ec, ...changes }, ec])).toBe(1);
  });

  it('do not include an RSA key shorter than 2048 bits (RFC 7518 §3.3)', async () => {
    expect(await matching([shortRsa], 'PS256')).toBe(0);
  });

  it('may name their algorithm Ed25519, which means EdDSA (RFC 9864 §2.2)', async () => {
    expect(await matching([{ ...ed25519, alg: 'Ed25519' }], 'EdDSA')).toBe(1);
    expect(await matching([{ ...ed25519, alg: 'Ed25519' }], 'ES256')).toBe(0);
  });

  it('do not include a shared secret (RFC 8725 §2.1)', async () => {
    expect(await matching([{ kty: 'oct', k: 'c2VjcmV0' }])).toBe(0);
  });
});

describe('the keys at a jwks_uri', () => {
  const holder = { jwks: null, jwksUri: 'https://client.example/jwks' };
  const wanted = { algorithm: 'ES256', kid: 'new' } as const;
  let asked: boolean[];

  const keys = (old: JWK[], current: JWK[]) => {
    asked = [];
    const find = async (_uri: string, again = false) => (
      asked.push(again),
      readJwkSet({ keys: again ? current : old })?.keys ?? []
    );
    return new ClientKeys({ find } as unknown as PublishedKeySets);
  };

  it('are fetched again when no key has the kid (OpenID Connect Core §10.1.1)', async () => {
    expect(await keys([{ ...ec, kid: 'old' }], [{ ...ec, kid: 'new' }]).find(holder, wanted)).toHaveLength(1);
    expect(asked).toEqual([false, true]);
  });

  it('are not fetched again when a key has the kid', async () => {
    await keys([{ ...ec, kid: 'new' }], []).find(holder, wanted);
    expect(asked).toEqual([false]);
  });

  it('can be fetched again, unlike keys by value', async () => {
    const changed = keys([], [{ ...ec, kid: 'new' }]);
    expect(await changed.findAgain(holder, wanted)).toHaveLength(1);
    expect(await changed.findAgain({ jwks: { keys: [ec as never] }, jwksUri: null }, wanted)).toEqual([]);
    expect(await changed.findAgain({ jwks: null, jwksUri: null }, wanted)).toEqual([]);
  });

  it('are empty for a client without keys', async () => {
    expect(await keys([ec], [ec]).find({ jwks: null, jwksUri: null }, wanted)).toEqual([]);
  });
});
