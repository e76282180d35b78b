export { LockTimeoutError } from './lease.js';
export * from './postgres-state-store.js';
export * from './rate-limiter.js';
export * from './state-store.js';
export { stateStoreSchema } from './state-store-schema.js';
