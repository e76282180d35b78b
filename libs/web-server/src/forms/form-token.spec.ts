import { randomBytes } from 'node:crypto';
import { Encryption } from '../database/encryption.js';
import type { Session } from '../session/session.js';
import { FormTokens, ownerIn } from './form-token.js';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const before = new FormTokens(new Encryption({ ENCRYPTION_KEY: [oldKey] }));
const during = new FormTokens(new Encryption({ ENCRYPTION_KEY: [newKey, oldKey] }));
const after = new FormTokens(new Encryption({ ENCRYPTION_KEY: [newKey] }));

const sessionOf = (sub: string, id = 'a-session') => ({ id, content: { sub } }) as Session;
const alice = sessionOf('alice');

describe('a form token', () => {
  it('is accepted in its session and in no other', () => {
    expect(before.verify(alice, before.create(alice))).toBe(true);
    expect(before.verify(sessionOf('alice', 'another'), before.create(alice))).toBe(false);
    expect(before.verify(sessionOf('bob'), before.create(alice))).toBe(false);
    for (const token of [undefined, '', '.', `${before.create(alice)}.x`]) {
      expect(before.verify(alice, token)).toBe(false);
    }
  });

  it('names the owner of the form when its session has ended', () => {
    const owner = ownerIn(before.create(alice));
    expect(before.isOwner(sessionOf('alice', 'another'), owner)).toBe(true);
    expect(before.isOwner(sessionOf('bob'), owner)).toBe(false);
  });

  it('stays valid after a new ENCRYPTION_KEY as long as the old key is still listed', () => {
    const token = before.create(alice);
    expect(during.verify(alice, token)).toBe(true);
    expect(during.isOwner(alice, ownerIn(token))).toBe(true);
    expect(after.verify(alice, token)).toBe(false);
    expect(after.verify(alice, during.create(alice))).toBe(true);
  });
});
