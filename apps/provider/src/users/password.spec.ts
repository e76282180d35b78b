import { hash } from '@node-rs/argon2';
import { hashPassword, verifyPassword } from './password.js';

const NFC = 'Über-die-Brücke-gehen'.normalize('NFC');
const NFD = NFC.normalize('NFD');

describe('a password', () => {
  it.each([
    ['NFC', 'NFD', NFC, NFD],
    ['NFD', 'NFC', NFD, NFC],
    ['NFC', 'NFC', NFC, NFC],
  ])('set in %s is accepted when it is typed in %s (NIST SP 800-63B-4 §3.1.1.2)', async (_, __, set, typed) => {
    expect(await verifyPassword(typed, await hashPassword(set))).toBe(true);
  });

  it('is accepted in either form when its hash was made without normalization', async () => {
    const old = await hash(NFD);
    expect([await verifyPassword(NFD, old), await verifyPassword(NFC, old)]).toEqual([true, true]);
  });

  it('is refused when it is another one, or when there is no account', async () => {
    expect(await verifyPassword('another', await hashPassword(NFC))).toBe(false);
    expect(await verifyPassword('decoy', undefined)).toBe(false);
  });
});
