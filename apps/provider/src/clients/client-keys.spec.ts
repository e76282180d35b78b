import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
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

/** How many of some keys fit. */
async function fitting(keys: unknown[], algorithm: SigningAlgorithm = 'ES256', kid?: string): Promise<number> {
  const nowhere = undefined as unknown as PublishedKeySets;
  const holder = { jwks: { keys: keys as never }, jwksUri: null };
  return (await new ClientKeys(nowhere).find(holder, { algorithm, kid })).length;
}

describe('the keys of a client that fit a signature', () => {
  it.each<[SigningAlgorithm, JWK]>([
    ['ES256', ec],
    ['PS256', rsa],
    ['RS256', rsa],
    ['EdDSA', ed25519],
  ])('are those of the right kind for %s (RFC 8725 §3.1)', async (algorithm, right) => {
    const others = [ec, p384, rsa, ed25519].filter((key) => key !== right);
    expect([await fitting([right], algorithm), await fitting(others, algorithm)]).toEqual([1, 0]);
  });

  it('are all of the kind when the signature names none, but ten at most', async () => {
    expect(await fitting(Array(30).fill(ec))).toBe(10);
  });

  it('are the named ones only (RFC 7515 §4.1.4)', async () => {
    expect(await fitting([{ ...ec, kid: 'a' }, { ...ec, kid: 'b' }, ec], 'ES256', 'b')).toBe(1);
    expect(await fitting([{ ...ec, kid: 'a' }, ec], 'ES256', 'c')).toBe(0);
  });

  it.each<[string, object]>([
    ['for encryption', { use: 'enc' }],
    ['to sign and not to verify', { key_ops: ['sign'] }],
    ['for another algorithm', { alg: 'ES384' }],
    ['of another curve', { crv: 'P-384' }],
    ['with half of it missing', { y: undefined }],
    ['with a point that is on no curve', { x: ec.y }],
  ])('are none %s (RFC 7517 §4)', async (_, changes) => {
    expect(await fitting([{ ...ec, ...changes }])).toBe(0);
    expect(await fitting([{ ...ec, ...changes }, ec])).toBe(1);
  });

  it('are none shorter than 2048 bits (RFC 7518 §3.3)', async () => {
    expect(await fitting([shortRsa], 'PS256')).toBe(0);
  });

  it('may say that they are for Ed25519, which is EdDSA (RFC 9864 §2.2)', async () => {
    expect(await fitting([{ ...ed25519, alg: 'Ed25519' }], 'EdDSA')).toBe(1);
    expect(await fitting([{ ...ed25519, alg: 'Ed25519' }], 'ES256')).toBe(0);
  });

  it('are none of a shared secret (RFC 8725 §2.1)', async () => {
    expect(await fitting([{ kty: 'oct', k: 'c2VjcmV0' }])).toBe(0);
  });
});

describe('the keys at a jwks_uri', () => {
  const holder = { jwks: null, jwksUri: 'https://client.example/jwks' };
  const wanted = { algorithm: 'ES256', kid: 'new' } as const;
  let asked: boolean[];

  const keys = (old: JWK[], current: JWK[]) => {
    asked = [];
    const find = async (_uri: string, again = false) => (asked.push(again), again ? current : old);
    return new ClientKeys({ find } as unknown as PublishedKeySets);
  };

  it('are looked for anew when the named one is not among them (OpenID Connect Core §10.1.1)', async () => {
    expect(await keys([{ ...ec, kid: 'old' }], [{ ...ec, kid: 'new' }]).find(holder, wanted)).toHaveLength(1);
    expect(asked).toEqual([false, true]);
  });

  it('are not asked for again when it is', async () => {
    await keys([{ ...ec, kid: 'new' }], []).find(holder, wanted);
    expect(asked).toEqual([false]);
  });

  it('can be asked for again, which those by value cannot', async () => {
    const changed = keys([], [{ ...ec, kid: 'new' }]);
    expect(await changed.findAgain(holder, wanted)).toHaveLength(1);
    expect(await changed.findAgain({ jwks: { keys: [ec as never] }, jwksUri: null }, wanted)).toEqual([]);
    expect(await changed.findAgain({ jwks: null, jwksUri: null }, wanted)).toEqual([]);
  });

  it('are none of a client that has registered none', async () => {
    expect(await keys([ec], [ec]).find({ jwks: null, jwksUri: null }, wanted)).toEqual([]);
  });
});
