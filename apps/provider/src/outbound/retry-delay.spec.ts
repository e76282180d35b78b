import { retryDelay } from './retry-delay.js';

describe('the delay before the next attempt', () => {
  it('doubles after each attempt, up to ten minutes', () => {
    const longest = [1, 2, 3, 4, 10, 11, 100, 2000].map((attempts) => retryDelay(attempts, 1));
    expect(longest).toEqual([1, 2, 4, 8, 512, 600, 600, 600]);
  });

  it('is at least half of that, and random above', () => {
    expect([retryDelay(4, 0), retryDelay(4, 0.5), retryDelay(4, 1)]).toEqual([4, 6, 8]);
  });
});
