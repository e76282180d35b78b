import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readJwkSet } from './jwk-set.js';

const jwkOf = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ format: 'jwk' });
const ec = { ...jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })), kid: 'ec' };
const p384 = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
const rsa = { ...jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 })), kid: 'rsa' };
const shortRsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }));
const ed25519 = jwkOf(generateKeyPairSync('ed25519'));
const x25519 = jwkOf(generateKeyPairSync('x25519'));
const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const algorithmsOf = (jwk: object) => readJwkSet({ keys: [jwk] })?.keys[0]?.algorithms;

describe('a JWK set', () => {
  it('is read key by key, with the members that are defined for public keys (RFC 7517 §4)', () => {
    const set = readJwkSet({ keys: [{ ...ec, note: 'mine', x5c: ['MIIB'] }, rsa] });
    expect(set?.keys.map(({ jwk }) => jwk)).toEqual([{ ...ec, x5c: ['MIIB'] }, rsa]);
    expect(set?.keys.map(({ key }) => key.type)).toEqual(['public', 'public']);
    expect(set?.ignored).toBe(0);
  });

  it.each<[string, unknown]>([
    ['a key of a type that is not known', { kty: 'AKP', kid: 'pq', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['a key on a curve that is not known', { kty: 'EC', crv: 'brainpoolP256r1', x: ec.x, y: ec.y }],
    ['a key without a type', { kid: 'none', x: ec.x, y: ec.y }],
    ['a key whose type is not a string', { ...ec, kty: ['EC'] }],
    ['null', null],
    ['a string', 'key'],
    ['a list', [ec]],
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a private key', privateKey],
    ['a key that lacks a member', { ...ec, y: undefined }],
    ['a key that lacks its modulus', { kty: 'RSA', e: 'AQAB' }],
    ['a point that is not on its curve', { ...ec, x: ec.y }],
    ['an RSA key of less than 2048 bits (RFC 7518 §3.3)', shortRsa],
    ['a kid that is not a string', { ...ec, kid: 1 }],
    ['a kid that cannot be stored', { ...ec, kid: '\ud800' }],
    ['operations that are not a list', { ...ec, key_ops: 'verify' }],
    ['certificates that are not strings', { ...ec, x5c: [[]] }],
  ])('is read without %s, and its other keys are used (RFC 7517 §5)', (_, unusable) => {
    const set = readJwkSet({ keys: [unusable, ec] });
    expect([set?.keys.map(({ jwk }) => jwk.kid), set?.ignored]).toEqual([['ec'], 1]);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', [ec]],
    ['an object without keys', {}],
    ['an object whose keys are not a list', { keys: {} }],
    ['a list of more than a hundred keys', { keys: Array(101).fill({ kty: 'EC' }) }],
  ])('is not %s (RFC 7517 §5)', (_, value) => expect(readJwkSet(value)).toBeUndefined());
});

describe('the algorithms of a key (RFC 8725 §3.1)', () => {
  it.each<[string, object, string[]]>([
    ['P-256', ec, ['ES256']],
    ['RSA', rsa, ['PS256', 'RS256']],
    ['Ed25519', ed25519, ['EdDSA']],
    ['P-384', p384, []],
    ['X25519', x25519, []],
  ])('are those that its type %s allows', (_, jwk, algorithms) => expect(algorithmsOf(jwk)).toEqual(algorithms));

  it.each<[string, object, string[]]>([
    ['its alg', { ...rsa, alg: 'PS256' }, ['PS256']],
    ['its alg, which may be Ed25519 for EdDSA (RFC 9864 §2.2)', { ...ed25519, alg: 'Ed25519' }, ['EdDSA']],
    ['an alg of another type of key', { ...ec, alg: 'RS256' }, []],
    ['an alg that is not known', { ...ec, alg: 'ES512' }, []],
    ['its use', { ...ec, use: 'enc' }, []],
    ['its operations', { ...ec, key_ops: ['sign'] }, []],
    ['its operations, if they include verify', { ...ec, key_ops: ['verify'], use: 'sig' }, ['ES256']],
  ])('are limited by %s (RFC 7517 §4)', (_, jwk, algorithms) => expect(algorithmsOf(jwk)).toEqual(algorithms));
});
