import type { StateStore } from './state-store.js';

const limit = { points: 3, durationSeconds: 60 };

/** Defines the tests that the rate limiters of every implementation of {@link StateStore} must pass. */
export function describeRateLimiters(store: () => StateStore): void {
  describe('rateLimiter', () => {
    it('allows as many attempts as it has points, and then returns how long to wait', async () => {
      const limiter = store().rateLimiter({ name: 'points', ...limit });
      expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
      expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 2 });
      expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 1 });
      expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 0 });
      const refused = await limiter.penalize('alice');
      expect(refused).toEqual({ allowed: false, retryAfterSeconds: expect.any(Number) });
      expect(await limiter.check('alice')).toEqual(refused);
      expect(refused).toHaveProperty('retryAfterSeconds', expect.closeTo(60, -1));
    });

    it('allows exactly as many attempts as it has points to 30 concurrent callers', async () => {
      const limiter = store().rateLimiter({ name: 'parallel', ...limit });
      const results = await Promise.all(Array.from({ length: 30 }, () => limiter.penalize('alice')));
      expect(results.filter(({ allowed }) => allowed)).toHaveLength(3);
    });

    it('blocks a key for its own time when the points are used, also for check', async () => {
      const limiter = store().rateLimiter({ name: 'block', ...limit, blockSeconds: 900 });
      for (let attempt = 0; attempt < 3; attempt++) await limiter.penalize('alice');
      expect(await limiter.check('alice')).toHaveProperty('retryAfterSeconds', expect.closeTo(900, -1));
      expect(await limiter.penalize('alice')).toHaveProperty('retryAfterSeconds', expect.closeTo(900, -1));
    });

    it('takes back a counted attempt', async () => {
      const limiter = store().rateLimiter({ name: 'refund', ...limit });
      await limiter.penalize('alice');
      await limiter.refund('alice');
      expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
    });

    it('starts over after a reset', async () => {
      const limiter = store().rateLimiter({ name: 'reset', ...limit });
      for (let attempt = 0; attempt < 4; attempt++) await limiter.penalize('alice');
      await limiter.reset('alice');
      expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
    });

    it('has a count for each key and each limit', async () => {
      const limiter = store().rateLimiter({ name: 'apart', ...limit });
      for (let attempt = 0; attempt < 4; attempt++) await limiter.penalize('alice');
      expect(await limiter.check('bob')).toHaveProperty('allowed', true);
      expect(
        await store()
          .rateLimiter({ name: 'other', ...limit })
          .check('alice'),
      ).toHaveProperty('allowed', true);
    });

    it('starts over when its window has ended', async () => {
      const limiter = store().rateLimiter({ name: 'window', points: 3, durationSeconds: 1 });
      for (let attempt = 0; attempt < 4; attempt++) await limiter.penalize('alice');
      let result = await limiter.check('alice');
      while (!result.allowed) result = await limiter.check('alice');
      expect(result).toEqual({ allowed: true, remaining: 3 });
    });
  });
}
