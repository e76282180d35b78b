import { randomBytes } from 'node:crypto';
import { Sealer } from '../database/encryption.js';
import { FormTokens, ownerMarkIn } from './form-token.js';
import type { Session } from '../session/session.js';

const [old, next] = [randomBytes(32), randomBytes(32)];
const before = new FormTokens(new Sealer({ ENCRYPTION_KEY: [old] }));
const meanwhile = new FormTokens(new Sealer({ ENCRYPTION_KEY: [next, old] }));
const after = new FormTokens(new Sealer({ ENCRYPTION_KEY: [next] }));

const sessionOf = (sub: string, id = 'a-session') => ({ id, content: { sub } }) as Session;
const alice = sessionOf('alice');

describe('the token of a form', () => {
  it('is good in its session, and in no other', () => {
    expect(before.matches(alice, before.of(alice))).toBe(true);
    expect(before.matches(sessionOf('alice', 'another'), before.of(alice))).toBe(false);
    expect(before.matches(sessionOf('bob'), before.of(alice))).toBe(false);
    for (const token of [undefined, '', '.', `${before.of(alice)}.x`]) expect(before.matches(alice, token)).toBe(false);
  });

  it('tells whose the form is when its session is gone', () => {
    const mark = ownerMarkIn(before.of(alice));
    expect(before.isOwner(sessionOf('alice', 'another'), mark)).toBe(true);
    expect(before.isOwner(sessionOf('bob'), mark)).toBe(false);
  });

  it('outlives a change of ENCRYPTION_KEY, as long as the old one is among the keys', () => {
    const token = before.of(alice);
    expect(meanwhile.matches(alice, token)).toBe(true);
    expect(meanwhile.isOwner(alice, ownerMarkIn(token))).toBe(true);
    expect(after.matches(alice, token)).toBe(false);
    expect(after.matches(alice, meanwhile.of(alice))).toBe(true);
  });
});
