import { randomBytes } from 'node:crypto';
import { decryptAtRest, encryptAtRest } from './encryption-at-rest.js';

const key = randomBytes(32);
const plaintext = Buffer.from('a private key');

it('gives back what it encrypted, and never the same ciphertext twice', () => {
  const first = encryptAtRest(plaintext, key, 'kid-1');
  expect(decryptAtRest(first, key, 'kid-1')).toEqual(plaintext);
  expect(encryptAtRest(plaintext, key, 'kid-1')).not.toEqual(first);
  expect(first.includes(plaintext)).toBe(false);
});

it.each([
  ['another key', (stored: Buffer) => decryptAtRest(stored, randomBytes(32), 'kid-1')],
  ['another context', (stored: Buffer) => decryptAtRest(stored, key, 'kid-2')],
  ['a shortened ciphertext', (stored: Buffer) => decryptAtRest(stored.subarray(0, -1), key, 'kid-1')],
  ['no ciphertext at all', () => decryptAtRest(Buffer.alloc(5), key, 'kid-1')],
])('refuses %s', (_what, decrypt) => {
  expect(() => decrypt(encryptAtRest(plaintext, key, 'kid-1'))).toThrow();
});
