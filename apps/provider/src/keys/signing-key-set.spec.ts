import { generateSigningKey, type PublishedKey, type SigningKey } from '@trefoil/token-issuance';
import { SigningKeySet, type TimedKey } from './signing-key-set.js';

const START = new Date('2026-01-01T00:00:00Z');
const at = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);

let first: SigningKey;
let second: SigningKey;
let other: SigningKey;

beforeAll(async () => {
  [first, second, other] = await Promise.all([
    generateSigningKey('ES256'),
    generateSigningKey('ES256'),
    generateSigningKey('EdDSA'),
  ]);
});

/** Returns the keys so many seconds after the reading: the second key signs after 100, the first retires after 200. */
function keysAt(seconds: number, changes: Partial<TimedKey> = {}): SigningKeySet {
  const keys: TimedKey[] = [
    { key: first, signsFrom: at(-1000), retiresAt: at(200) },
    { key: other, signsFrom: at(-1000), retiresAt: null },
    { key: second, signsFrom: at(100), retiresAt: null, ...changes },
  ];
  return new SigningKeySet(keys, START, () => seconds * 1000);
}

const kids = (keys: readonly PublishedKey[]) => keys.map(({ kid }) => kid).sort();

describe('the signing keys', () => {
  it('are published before they sign and afterwards, until they are retired', () => {
    for (const seconds of [0, 99, 100, 199]) {
      expect(kids(keysAt(seconds).published())).toEqual(kids([first, second, other]));
    }
    expect(kids(keysAt(200).published())).toEqual(kids([second, other]));
  });

  it('sign one after the other, each from its own time on, without another reading', () => {
    expect([0, 99.999, 100, 10_000].map((seconds) => keysAt(seconds).current('ES256')?.kid)).toEqual([
      first.kid,
      first.kid,
      second.kid,
      second.kid,
    ]);
    expect(keysAt(10_000).current('EdDSA')?.kid).toBe(other.kid);
    expect(keysAt(0).current('RS256')).toBeUndefined();
  });

  it('keep signing while the private part of the successor is missing', () => {
    const { privateKey: _, ...publicPart } = second;
    expect(keysAt(150, { key: publicPart }).current('ES256')?.kid).toBe(first.kid);
  });

  it('sign nothing after they are retired, even when there is no other key', () => {
    expect(keysAt(150, { retiresAt: at(120) }).current('ES256')?.kid).toBe(first.kid);
    expect(keysAt(250, { retiresAt: at(120) }).current('ES256')).toBeUndefined();
  });

  it('are still listed among all keys when they are retired', () => {
    expect(kids(keysAt(300).all())).toEqual(kids([first, second, other]));
  });
});
