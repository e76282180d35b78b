import { ListFreshness } from './list-freshness.js';

describe('ListFreshness', () => {
  let now = 0;
  const freshness = new ListFreshness({ freshSeconds: 60, staleSeconds: 300 }, () => now);

  it('is blind before the first poll', () => {
    expect([freshness.state, freshness.ageSeconds]).toEqual(['blind', Infinity]);
  });

  it.each([
    [0, 'fresh'],
    [59, 'fresh'],
    [60, 'stale'],
    [359, 'stale'],
    [360, 'blind'],
  ])('%i s after a poll is %s', (seconds, state) => {
    freshness.recordPoll();
    now += seconds * 1000;
    expect([freshness.state, freshness.ageSeconds]).toEqual([state, seconds]);
  });
});
