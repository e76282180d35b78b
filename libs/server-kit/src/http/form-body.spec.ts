import { MOST_PARAMETERS, parseForm, parseQuery } from './form-body.js';

describe('parseForm', () => {
  it('collects repeated names in order (RFC 6749 §3.1)', () => {
    expect({ ...parseForm('a=1&b=2&a=3&a=4') }).toEqual({ a: ['1', '3', '4'], b: '2' });
  });

  it('parses as many parameters as are allowed, and refuses one more', () => {
    const most = Array.from({ length: MOST_PARAMETERS }, (_, n) => `p${n}=`).join('&');
    expect(Object.keys(parseForm(most))).toHaveLength(MOST_PARAMETERS);
    expect(() => parseForm(`${most}&p=`)).toThrow('more than 100 parameters');
    expect(parseQuery(`${most}&p=`)).toEqual({});
  });

  it('refuses 64 KiB of one repeated name without copying what came before', () => {
    const { push } = Array.prototype;
    let copied = 0;
    // Every element that is appended to the array of a repeated name is counted.
    Array.prototype.push = function (...values: unknown[]) {
      copied += values.length;
      return push.apply(this, values);
    };
    try {
      expect(() => parseForm('a&'.repeat(32 * 1024))).toThrow('more than 100 parameters');
      parseForm('a&'.repeat(MOST_PARAMETERS - 1));
    } finally {
      Array.prototype.push = push;
    }
    expect(copied).toBeLessThan(2 * MOST_PARAMETERS);
  });
});
