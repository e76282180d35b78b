import { NONCE_WINDOW_SECONDS, ProofNonces } from './proof-nonces.js';

const key = new Uint8Array(32).fill(7);
const at = (seconds: number, ...keys: Uint8Array[]) =>
  new ProofNonces([keys[0] ?? key, ...keys.slice(1)], () => seconds * 1000);
const START = 1_800_000_000;

describe('the nonces of a server (RFC 9449 §8)', () => {
  const nonce = at(START).current();

  it('are accepted by every replica that has the key', () => expect(at(START).accepts(nonce)).toBe(true));

  it('rotate, and the one before is still accepted', () => {
    const later = at(START + NONCE_WINDOW_SECONDS);
    expect(later.current()).not.toBe(nonce);
    expect(later.accepts(nonce)).toBe(true);
  });

  it('are refused two windows later', () => expect(at(START + 2 * NONCE_WINDOW_SECONDS).accepts(nonce)).toBe(false));

  it('of a replica whose clock is a little ahead are accepted', () =>
    expect(at(START).accepts(at(START + NONCE_WINDOW_SECONDS).current())).toBe(true));

  it('of any key of the server are accepted, and new ones are of the first', () => {
    const next = new Uint8Array(32).fill(8);
    const meanwhile = at(START, next, key);
    expect(meanwhile.accepts(nonce)).toBe(true);
    expect(meanwhile.current()).toBe(at(START, next).current());
    expect(at(START, next).accepts(nonce)).toBe(false);
  });

  it.each([
    ['', 'nothing'],
    ['abc', 'a guess'],
    [at(START, new Uint8Array(32)).current(), 'one of another key'],
  ])('%s is refused: %s', (guess) => expect(at(START).accepts(guess)).toBe(false));
});
