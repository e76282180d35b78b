export { LockTimeoutError } from './lease.js';
export { PostgresStateStore } from './postgres/postgres-state-store.js';
export { stateStoreSchema } from './postgres/state-store-schema.js';
export type { RateLimit, RateLimiter, RateLimitResult } from './rate-limiter.js';
export { parseRedisUrl } from './redis/redis-url.js';
export { StateStoreUnavailableError } from './state-store-unavailable.error.js';
export * from './state-store.js';
