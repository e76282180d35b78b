import type { Pool } from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { limiterOptions, type RateLimit, type RateLimiter, rateLimiterOn } from '../rate-limiter.js';
import { RATE_LIMITS_TABLE } from './state-store-schema.js';

/** Returns a {@link RateLimiter} that counts in the table `rate_limits`. */
export function postgresRateLimiter(pool: Pick<Pool, 'query'>, limit: RateLimit): RateLimiter {
  const limiter = new RateLimiterPostgres({
    ...limiterOptions(limit),
    storeClient: pool,
    storeType: 'pool',
    tableName: RATE_LIMITS_TABLE,
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: limit.name,
  });
  return rateLimiterOn(limiter, limit);
}
