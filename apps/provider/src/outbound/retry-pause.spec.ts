import { retryPause } from './retry-pause.js';

describe('the pause between two attempts', () => {
  it('doubles each time, up to ten minutes', () => {
    const longest = [1, 2, 3, 4, 10, 11, 100, 2000].map((attempts) => retryPause(attempts, 1));
    expect(longest).toEqual([1, 2, 4, 8, 512, 600, 600, 600]);
  });

  it('is at least half of that, the rest being chance', () => {
    expect([retryPause(4, 0), retryPause(4, 0.5), retryPause(4, 1)]).toEqual([4, 6, 8]);
  });
});
