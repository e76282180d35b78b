import { randomBytes } from 'node:crypto';
import { Sealer } from './encryption.js';

const key = randomBytes(32);
const sealer = new Sealer({ ENCRYPTION_KEY: [key] });
const value = { accessToken: 'eyJ-secret', sub: 'alice' };

describe('Sealer', () => {
  it('opens what it sealed', () => {
    expect(sealer.open(sealer.seal(value, 'session:1'), 'session:1')).toEqual(value);
  });

  it('shows nothing of the content and never the same text twice', () => {
    const [first, second] = [sealer.seal(value, 'session:1'), sealer.seal(value, 'session:1')];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toMatch(/eyJ|alice/);
  });

  it('opens nothing that was moved to another place', () => {
    expect(() => sealer.open(sealer.seal(value, 'session:1'), 'session:2')).toThrow();
  });

  it('opens what any of its keys sealed, knows the marks of all, and makes new ones with the first', () => {
    const next = randomBytes(32);
    const [meanwhile, after] = [new Sealer({ ENCRYPTION_KEY: [next, key] }), new Sealer({ ENCRYPTION_KEY: [next] })];
    expect(meanwhile.open(sealer.seal(value, 'session:1'), 'session:1')).toEqual(value);
    expect(after.open(meanwhile.seal(value, 'session:1'), 'session:1')).toEqual(value);
    expect(meanwhile.isMarkOf('alice', sealer.mark('alice'))).toBe(true);
    expect(meanwhile.isMarkOf('bob', sealer.mark('alice'))).toBe(false);
    expect(meanwhile.mark('alice')).toBe(after.mark('alice'));
    expect(after.isMarkOf('alice', sealer.mark('alice'))).toBe(false);
  });

  it('opens nothing under another key', () => {
    const other = new Sealer({ ENCRYPTION_KEY: [randomBytes(32)] });
    expect(() => other.open(sealer.seal(value, 'session:1'), 'session:1')).toThrow();
  });

  it('opens nothing of which any byte was changed', () => {
    const sealed = Buffer.from(sealer.seal(value, 'session:1'), 'base64url');
    for (let index = 0; index < sealed.length; index++) {
      const tampered = Buffer.from(sealed);
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      expect(() => sealer.open(tampered.toString('base64url'), 'session:1')).toThrow();
    }
  });

  it.each([0, 5, 12, 20, 28])('opens nothing that was cut to %d bytes', (length) => {
    const sealed = Buffer.from(sealer.seal(value, 'session:1'), 'base64url').subarray(0, length);
    expect(() => sealer.open(sealed.toString('base64url'), 'session:1')).toThrow();
  });
});
