import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { readCode, readRefreshToken, TokenDerivation } from './derived-token.js';

const newSource = () => ({ id: randomUUID(), secret: randomBytes(32) });

describe('a token derived from a grant', () => {
  const derivation = new TokenDerivation([randomBytes(32)]);
  const source = newSource();

  it('names its grant and generation, and is recognised', () => {
    const presented = readRefreshToken(derivation.refreshToken(source, 7));
    expect(presented).toMatchObject({ grantId: source.id, generation: 7 });
    expect(presented && derivation.isRefreshTokenOf(presented, source)).toBe(true);

    const code = readCode(derivation.code(source));
    expect(code?.grantId).toBe(source.id);
    expect(code && derivation.isCodeOf(code, source)).toBe(true);
  });

  it('cannot be minted with a leaked database: another server key makes another token', () => {
    const forged = readCode(new TokenDerivation([randomBytes(32)]).code(source));
    expect(forged && derivation.isCodeOf(forged, source)).toBe(false);
  });

  it('cannot be minted with a leaked server key: another grant secret makes another token', () => {
    const forged = readRefreshToken(derivation.refreshToken({ ...source, secret: randomBytes(32) }, 0));
    expect(forged && derivation.isRefreshTokenOf(forged, source)).toBe(false);
  });

  describe('when the server key is replaced', () => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    const [before, meanwhile, after] = [[old], [next, old], [next]].map(
      (keys) => new TokenDerivation(keys as [Buffer, ...Buffer[]]),
    ) as [TokenDerivation, TokenDerivation, TokenDerivation];
    const knows = (by: TokenDerivation, token: string) => {
      const presented = readRefreshToken(token);
      return presented !== undefined && by.isRefreshTokenOf(presented, source);
    };

    it('is good as long as its key is among the keys, and made with the first', () => {
      const [first, second] = [before.refreshToken(source, 1), meanwhile.refreshToken(source, 1)];
      expect([before, meanwhile, after].map((by) => knows(by, first))).toEqual([true, true, false]);
      expect([before, meanwhile, after].map((by) => knows(by, second))).toEqual([false, true, true]);
      expect(second).toBe(after.refreshToken(source, 1));
    });

    it('is the same token under either key: the same grant, the same generation', () => {
      const spellings = [before, after].map((by) => readRefreshToken(by.refreshToken(source, 5)));
      expect(spellings.map((token) => [token?.grantId, token?.generation])).toEqual(Array(2).fill([source.id, 5]));
    });

    it('goes for codes as well', () => {
      const code = readCode(before.code(source));
      expect([before, meanwhile, after].map((by) => code && by.isCodeOf(code, source))).toEqual([true, true, false]);
    });
  });

  it('cannot be turned from one kind into the other', () => {
    const code = readCode(derivation.code(source));
    const asRefresh = { grantId: source.id, generation: 0, mac: code?.mac ?? Buffer.alloc(32) };
    expect(derivation.isRefreshTokenOf(asRefresh, source)).toBe(false);
  });

  it('cannot be moved to another generation', () => {
    const presented = readRefreshToken(derivation.refreshToken(source, 3));
    expect(presented && derivation.isRefreshTokenOf({ ...presented, generation: 4 }, source)).toBe(false);
  });

  it('has one spelling: any change of a character makes it another token or none', () => {
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
    'is not read from %p',
    (text) => {
      expect(readRefreshToken(text)).toBeUndefined();
      expect(readCode(text)).toBeUndefined();
    },
  );
});
