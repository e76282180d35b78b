import { createCipheriv, randomBytes } from 'node:crypto';
import { decryptAtRest, encryptAtRest, encryptionKeyIdOf, keyIdOf } from './encryption-at-rest.js';

const key = randomBytes(32);
const next = randomBytes(32);
const plaintext = Buffer.from('a private key');

it('decrypts a value that it encrypted, and never returns the same ciphertext twice', () => {
  const first = encryptAtRest(plaintext, [key], 'kid-1');
  expect(decryptAtRest(first, [key], 'kid-1')).toEqual(plaintext);
  expect(encryptAtRest(plaintext, [key], 'kid-1')).not.toEqual(first);
  expect(first.includes(plaintext)).toBe(false);
});

it.each([
  ['another key', (stored: Buffer) => decryptAtRest(stored, [randomBytes(32)], 'kid-1')],
  ['another context', (stored: Buffer) => decryptAtRest(stored, [key], 'kid-2')],
  ['a shortened ciphertext', (stored: Buffer) => decryptAtRest(stored.subarray(0, -1), [key], 'kid-1')],
  ['a value too short to be a ciphertext', () => decryptAtRest(Buffer.alloc(5), [key], 'kid-1')],
])('refuses %s', (_what, decrypt) => {
  expect(() => decrypt(encryptAtRest(plaintext, [key], 'kid-1'))).toThrow();
});

describe('with several keys', () => {
  it('encrypts with the first key and decrypts with any of them', () => {
    expect(encryptionKeyIdOf(encryptAtRest(plaintext, [next, key], 'kid-1'))).toBe(keyIdOf(next));
    for (const keys of [[key], [next]] as const) {
      const stored = encryptAtRest(plaintext, keys, 'kid-1');
      expect(decryptAtRest(stored, [next, key], 'kid-1')).toEqual(plaintext);
      expect(decryptAtRest(stored, [key, next], 'kid-1')).toEqual(plaintext);
    }
  });

  it('names the id of the missing key', () => {
    const stored = encryptAtRest(plaintext, [key], 'kid-1');
    expect(() => decryptAtRest(stored, [next], 'kid-1')).toThrow(keyIdOf(key));
  });

  it.each([
    ['', randomBytes(12)],
    [', also when the IV begins with the bytes of the mark', Buffer.concat([Buffer.from('tfe1'), randomBytes(8)])],
  ])('decrypts a value from before keys had ids%s', (_, iv) => {
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from('kid-1'));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const stored = Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
    expect(decryptAtRest(stored, [next, key], 'kid-1')).toEqual(plaintext);
    expect(() => decryptAtRest(stored, [next], 'kid-1')).toThrow();
  });
});
