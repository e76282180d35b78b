import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { digestOf } from './encoding.js';

/** Configures a rate limit. */
export interface RateLimit {
  /** Identifies the limit; each limit has its own counts. */
  name: string;
  /** How many attempts are allowed within `durationSeconds` of the first. */
  points: number;
  durationSeconds: number;
  /** How long a key is refused after all points are used. Without it, the key is refused until the duration ends. */
  blockSeconds?: number;
  /**
   * Whether this process remembers a key that has exceeded its points until its window ends, so that a flood of refused
   * requests costs no query. Not for counts that are taken back with `refund`.
   */
  remembersRefused?: boolean;
}

/** Whether another attempt is allowed. */
export type RateLimitResult =
  | { allowed: true; remaining: number }
  /** Whole seconds, at least 1: the value of a `Retry-After` header. */
  | { allowed: false; retryAfterSeconds: number };

/** Counts attempts by key, for all replicas together. Keys are stored as digests. */
export interface RateLimiter {
  /** Returns whether another attempt is allowed, without counting one. */
  check(key: string): Promise<RateLimitResult>;
  /**
   * Counts an attempt, and returns in the same step whether it is allowed. To limit concurrent attempts as well, call this
   * before the attempt, and take it back with `refund` if the attempt succeeds.
   */
  penalize(key: string): Promise<RateLimitResult>;
  /** Takes back one counted attempt. */
  refund(key: string): Promise<void>;
  /** Deletes the count of a key. */
  reset(key: string): Promise<void>;
}

/** Returns the options of `rate-limiter-flexible` that are the same for every store. */
export const limiterOptions = ({ points, durationSeconds, blockSeconds = 0, remembersRefused = false }: RateLimit) => ({
  points,
  duration: durationSeconds,
  blockDuration: blockSeconds,
  inMemoryBlockOnConsumed: remembersRefused ? points + 1 : undefined,
});

const refused = (result: RateLimiterRes): RateLimitResult => ({
  allowed: false,
  retryAfterSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
});

/** Returns a {@link RateLimiter} that counts with a limiter of `rate-limiter-flexible`. */
export function rateLimiterOn(limiter: RateLimiterAbstract, { points, blockSeconds = 0 }: RateLimit): RateLimiter {
  async function count(key: string): Promise<RateLimitResult> {
    const { remainingPoints } = await limiter.consume(key);
    // The library blocks a key at the first refused attempt, which a caller that uses `check` never makes.
    if (remainingPoints === 0 && blockSeconds > 0) await limiter.block(key, blockSeconds);
    return { allowed: true, remaining: remainingPoints };
  }

  return {
    async check(key) {
      const result = await limiter.get(digestOf(key));
      if (!result || result.consumedPoints < points)
        return { allowed: true, remaining: result?.remainingPoints ?? points };
      return refused(result);
    },
    penalize: (key) =>
      count(digestOf(key)).catch((reason: unknown) => {
        if (reason instanceof RateLimiterRes) return refused(reason);
        throw reason;
      }),
    refund: async (key) => void (await limiter.reward(digestOf(key))),
    reset: async (key) => void (await limiter.delete(digestOf(key))),
  };
}
