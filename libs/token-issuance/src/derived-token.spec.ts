import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { readCode, readRefreshToken, TokenDerivation } from './derived-token.js';

const newSource = () => ({ id: randomUUID(), secret: randomBytes(32) });

describe('a token derived from a grant', () => {
  const derivation = new TokenDerivation([randomBytes(32)]);
  const source = newSource();

  it('contains its grant and generation, and is accepted', () => {
    const presented = readRefreshToken(derivation.refreshToken(source, 7));
    expect(presented).toMatchObject({ grantId: source.id, generation: 7 });
    expect(presented && derivation.isRefreshTokenOf(presented, source)).toBe(true);

    const code = readCode(derivation.code(source));
    expect(code?.grantId).toBe(source.id);
    expect(code && derivation.isCodeOf(code, source)).toBe(true);
  });

  it('cannot be forged with a leaked database, because another server key derives another token', () => {
    const forged = readCode(new TokenDerivation([randomBytes(32)]).code(source));
    expect(forged && derivation.isCodeOf(forged, source)).toBe(false);
  });

  it('cannot be forged with a leaked server key, because another grant secret derives another token', () => {
    const forged = readRefreshToken(derivation.refreshToken({ ...source, secret: randomBytes(32) }, 0));
    expect(forged && derivation.isRefreshTokenOf(forged, source)).toBe(false);
  });

  describe('when the server key is replaced', () => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    const [before, during, after] = [[old], [next, old], [next]].map(
      (keys) => new TokenDerivation(keys as [Buffer, ...Buffer[]]),
    ) as [TokenDerivation, TokenDerivation, TokenDerivation];
    const accepts = (by: TokenDerivation, token: string) => {
      const presented = readRefreshToken(token);
      return presented !== undefined && by.isRefreshTokenOf(presented, source);
    };

    it('is accepted as long as its key is one of the keys, and is derived with the first', () => {
      const [first, second] = [before.refreshToken(source, 1), during.refreshToken(source, 1)];
      expect([before, during, after].map((by) => accepts(by, first))).toEqual([true, true, false]);
      expect([before, during, after].map((by) => accepts(by, second))).toEqual([false, true, true]);
      expect(second).toBe(after.refreshToken(source, 1));
    });

    it('has the same grant and generation with either key', () => {
      const tokens = [before, after].map((by) => readRefreshToken(by.refreshToken(source, 5)));
      expect(tokens.map((token) => [token?.grantId, token?.generation])).toEqual(Array(2).fill([source.id, 5]));
    });

    it('is accepted in the same way when it is a code', () => {
      const code = readCode(before.code(source));
      expect([before, during, after].map((by) => code && by.isCodeOf(code, source))).toEqual([true, true, false]);
    });
  });

  it('cannot be converted from a code to a refresh token', () => {
    const code = readCode(derivation.code(source));
    const asRefresh = { grantId: source.id, generation: 0, mac: code?.mac ?? Buffer.alloc(32) };
    expect(derivation.isRefreshTokenOf(asRefresh, source)).toBe(false);
  });

  it('cannot be changed to another generation', () => {
    const presented = readRefreshToken(derivation.refreshToken(source, 3));
    expect(presented && derivation.isRefreshTokenOf({ ...presented, generation: 4 }, source)).toBe(false);
  });

  it('is refused after a change of any character', () => {
    const token = derivation.refreshToken(source, 1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. ';
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        const presented = readRefreshToken(changed);
        const good = presented?.grantId === source.id && derivation.isRefreshTokenOf(presented, source);
        return changed === token || !good;
      }),
    );
  });

  it.each(['', 'tfr_', 'tfc_', 'tfr_!!!', 'eyJhbGciOiJub25lIn0.e30.', `tfr_${'A'.repeat(10_000)}`])(
    'is not parsed from %p',
    (text) => {
      expect(readRefreshToken(text)).toBeUndefined();
      expect(readCode(text)).toBeUndefined();
    },
  );
});
