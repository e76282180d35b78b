import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { RATE_LIMITS_TABLE } from './state-store-schema.js';
import { digestOf } from './stored-key.js';

/** What is counted, and how much of it is allowed. */
export interface RateLimit {
  /** Keeps the counts of one limit apart from those of another. */
  name: string;
  /** How many are allowed within `durationSeconds` of the first. */
  points: number;
  durationSeconds: number;
  /** How long a key that has used all its points is refused; without it, until the duration ends. */
  blockSeconds?: number;
  /**
   * Whether this process remembers a key that has exceeded its points until its window ends, so that a flood of refused
   * requests costs no query. Not for counts that are taken back with `refund`.
   */
  remembersRefused?: boolean;
}

/** Whether one more is allowed. */
export type RateLimitResult =
  | { allowed: true; remaining: number }
  /** Whole seconds, at least 1: the value of a `Retry-After` header. */
  | { allowed: false; retryAfterSeconds: number };

/** Counts attempts by key over all replicas; keys are stored as digests. */
export interface RateLimiter {
  /** Whether one more is allowed; counts nothing. */
  check(key: string): Promise<RateLimitResult>;
  /**
   * Counts one, and says in the same step whether it was still allowed. What must not be tried more often, not even at
   * the same time, counts first, acts when allowed, and takes it back with `refund` when it went well.
   */
  penalize(key: string): Promise<RateLimitResult>;
  /** Takes back one that was counted. */
  refund(key: string): Promise<void>;
  /** Forgets the key's count. */
  reset(key: string): Promise<void>;
}

const refused = (result: RateLimiterRes): RateLimitResult => ({
  allowed: false,
  retryAfterSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
});

/** A {@link RateLimiter} on PostgreSQL; needs the table of {@link stateStoreSchema}. */
export function rateLimiter(pool: Pick<Pool, 'query'>, limit: RateLimit): RateLimiter {
  const { name, points, durationSeconds, blockSeconds = 0, remembersRefused = false } = limit;
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: RATE_LIMITS_TABLE,
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points,
    duration: durationSeconds,
    blockDuration: blockSeconds,
    inMemoryBlockOnConsumed: remembersRefused ? points + 1 : undefined,
  });

  async function count(key: string): Promise<RateLimitResult> {
    const { remainingPoints } = await limiter.consume(key);
    // The library blocks at the first one refused; who asks `check` before never gets that far.
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
