import { randomBytes } from 'node:crypto';
import { Encryption } from './encryption.js';

const key = randomBytes(32);
const encryption = new Encryption({ ENCRYPTION_KEY: [key] });
const value = { accessToken: 'eyJ-secret', sub: 'alice' };

describe('Encryption', () => {
  it('decrypts a value that it encrypted', () => {
    expect(encryption.decrypt(encryption.encrypt(value, 'session:1'), 'session:1')).toEqual(value);
  });

  it('reveals nothing of the content and never returns the same text twice', () => {
    const [first, second] = [encryption.encrypt(value, 'session:1'), encryption.encrypt(value, 'session:1')];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toMatch(/eyJ|alice/);
  });

  it('refuses a value that was moved to another place', () => {
    expect(() => encryption.decrypt(encryption.encrypt(value, 'session:1'), 'session:2')).toThrow();
  });

  it('decrypts and verifies with any of its keys, and encrypts and computes MACs with the first', () => {
    const next = randomBytes(32);
    const during = new Encryption({ ENCRYPTION_KEY: [next, key] });
    const after = new Encryption({ ENCRYPTION_KEY: [next] });
    expect(during.decrypt(encryption.encrypt(value, 'session:1'), 'session:1')).toEqual(value);
    expect(after.decrypt(during.encrypt(value, 'session:1'), 'session:1')).toEqual(value);
    expect(during.verifyMac('alice', encryption.mac('alice'))).toBe(true);
    expect(during.verifyMac('bob', encryption.mac('alice'))).toBe(false);
    expect(during.mac('alice')).toBe(after.mac('alice'));
    expect(after.verifyMac('alice', encryption.mac('alice'))).toBe(false);
  });

  it('refuses a value that was encrypted with another key', () => {
    const other = new Encryption({ ENCRYPTION_KEY: [randomBytes(32)] });
    expect(() => other.decrypt(encryption.encrypt(value, 'session:1'), 'session:1')).toThrow();
  });

  it('refuses a value in which any byte was changed', () => {
    const encrypted = Buffer.from(encryption.encrypt(value, 'session:1'), 'base64url');
    for (let index = 0; index < encrypted.length; index++) {
      const tampered = Buffer.from(encrypted);
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      expect(() => encryption.decrypt(tampered.toString('base64url'), 'session:1')).toThrow();
    }
  });

  it.each([0, 5, 12, 20, 28])('refuses a value that was cut to %d bytes', (length) => {
    const encrypted = Buffer.from(encryption.encrypt(value, 'session:1'), 'base64url').subarray(0, length);
    expect(() => encryption.decrypt(encrypted.toString('base64url'), 'session:1')).toThrow();
  });
});
