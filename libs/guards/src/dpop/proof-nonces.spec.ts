import { NONCE_WINDOW_SECONDS, ProofNonces } from './proof-nonces.js';

const key = new Uint8Array(32).fill(7);
const at = (seconds: number, ...keys: Uint8Array[]) =>
  new ProofNonces([keys[0] ?? key, ...keys.slice(1)], () => seconds * 1000);
const START = 1_800_000_000;

describe('the nonces of a server (RFC 9449 §8)', () => {
  const nonce = at(START).current();

  it('are accepted by every replica that has the key', () => expect(at(START).expiryOf(nonce)).toBeDefined());

  it('rotate, and the previous one is still accepted', () => {
    const later = at(START + NONCE_WINDOW_SECONDS);
    expect(later.current()).not.toBe(nonce);
    expect(later.expiryOf(nonce)).toBeDefined();
  });

  it('are refused two time windows later', () =>
    expect(at(START + 2 * NONCE_WINDOW_SECONDS).expiryOf(nonce)).toBeUndefined());

  it('are accepted until the time that is returned, and not longer', () => {
    const end = at(START).expiryOf(nonce) ?? 0;
    expect([at(end - 1).expiryOf(nonce), at(end).expiryOf(nonce)]).toEqual([end, undefined]);
  });

  it('are accepted from a replica whose clock is one time window ahead', () =>
    expect(at(START).expiryOf(at(START + NONCE_WINDOW_SECONDS).current())).toBeDefined());

  it('are accepted with any key of the server, and issued with the first', () => {
    const next = new Uint8Array(32).fill(8);
    const rotating = at(START, next, key);
    expect(rotating.expiryOf(nonce)).toBeDefined();
    expect(rotating.current()).toBe(at(START, next).current());
    expect(at(START, next).expiryOf(nonce)).toBeUndefined();
  });

  it.each([
    ['', 'an empty nonce'],
    ['abc', 'a guess'],
    [at(START, new Uint8Array(32)).current(), 'a nonce of another key'],
  ])('%s is refused: %s', (guess) => expect(at(START).expiryOf(guess)).toBeUndefined());
});
