export * from './access-token.js';
export * from './certificate-fetch.js';
export * from './errors.js';
export type { Introspection, ServiceClientOptions } from './provider-connection.js';
export type { Schema } from './read-json.js';
export * from './resource-client.js';
export type { RetryClock } from './retries.js';
export * from './service-client.js';
