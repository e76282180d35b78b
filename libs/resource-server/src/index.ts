export * from './database/create-shared-tables.js';
export * from './database/resource-server-database.js';
export { STATE_STORE } from './database/state-store.js';
export * from './limits.js';
export * from './resource-server.js';
export * from './resource-server.module.js';
export * from './resource-server-definition.js';
export * from './resource-server-variables.js';
