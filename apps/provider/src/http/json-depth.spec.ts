import { isNestedDeeperThan } from './json-depth.js';

describe('isNestedDeeperThan', () => {
  it.each<[unknown, number]>([
    [{}, 1],
    [[], 1],
    [{ a: 1, b: [] }, 2],
    [[[], [{ a: [1] }], 1], 4],
  ])('counts the levels of %j: %i', (json, levels) => {
    expect(isNestedDeeperThan(json, levels)).toBe(false);
    expect(isNestedDeeperThan(json, levels - 1)).toBe(true);
  });

  it.each(['text', 1, null])('counts no level for %j', (json) => expect(isNestedDeeperThan(json, 0)).toBe(false));

  it('does not overflow the stack, however deep the value is', () => {
    const json: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(isNestedDeeperThan(json, 99_999)).toBe(true);
    expect(isNestedDeeperThan(json, 100_000)).toBe(false);
  });
});
