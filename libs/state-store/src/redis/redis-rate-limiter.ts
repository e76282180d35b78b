import { RateLimiterRedis } from 'rate-limiter-flexible';
import { limiterOptions, type RateLimit, type RateLimiter, rateLimiterOn } from '../rate-limiter.js';
import type { RedisConnection } from './redis-connection.js';

/** Returns a {@link RateLimiter} that counts in Redis. */
export function redisRateLimiter(redis: RedisConnection, prefix: string, limit: RateLimit): RateLimiter {
  const limiter = new RateLimiterRedis({
    ...limiterOptions(limit),
    storeClient: redis.client,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: `${prefix}limit:${limit.name}`,
  });
  const counts = rateLimiterOn(limiter, limit);
  return {
    check: (key) => redis.run(() => counts.check(key)),
    penalize: (key) => redis.run(() => counts.penalize(key)),
    refund: (key) => redis.run(() => counts.refund(key)),
    reset: (key) => redis.run(() => counts.reset(key)),
  };
}
