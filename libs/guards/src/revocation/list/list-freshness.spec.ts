import { Freshness } from './list-freshness.js';

describe('Freshness', () => {
  let now = 0;
  const freshness = new Freshness({ freshSeconds: 60, staleSeconds: 300 }, () => now);

  it('is blind before anything was heard', () => {
    expect([freshness.state, freshness.ageSeconds]).toEqual(['blind', Infinity]);
  });

  it.each([
    [0, 'fresh'],
    [59, 'fresh'],
    [60, 'stale'],
    [359, 'stale'],
    [360, 'blind'],
  ])('after %i s is %s', (seconds, state) => {
    freshness.hear();
    now += seconds * 1000;
    expect([freshness.state, freshness.ageSeconds]).toEqual([state, seconds]);
  });
});
