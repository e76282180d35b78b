import { searchPattern } from './search-pattern.js';

describe('searchPattern', () => {
  it.each([
    ['ada', '%ada%'],
    ['100%', String.raw`%100\%%`],
    ['a_b', String.raw`%a\_b%`],
    [String.raw`a\b`, String.raw`%a\\b%`],
  ])('%s is matched literally', (text, pattern) => {
    expect(searchPattern(text)).toBe(pattern);
  });
});
