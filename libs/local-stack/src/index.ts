export { type DemoApp, type PerApp, workspaceApps } from './apps.js';
export { createDatabases, createExampleDatabase, type DatabaseUrls } from './postgres/databases.js';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres/embedded-postgres.js';
export { ensureCertificates } from './installation/certificates.js';
export { type Environment } from './installation/environment.js';
export { freePort } from './ports/free-port.js';
export { type LocalInstallation, openLocalInstallation } from './installation/local-installation.js';
export { RunRecord } from './processes/run-record.js';
export { type PerResourceServer } from './ports/ports.js';
export { type Stack, type StackOptions, startStack } from './stack/stack.js';
export { thisProcess } from './processes/process-table.js';
export { startTemporaryStack } from './stack/temporary-stack.js';
export {
  makeTemporaryDirectory,
  removeOwnTemporaryDirectories,
  removeTemporaryDirectory,
} from './stack/temporary-directory.js';
export { findRedis } from './redis/find-redis.js';
export { type RedisKind, type RunningRedis, startRedis } from './redis/redis-server.js';
export { serve } from './serve.js';
export { unprivilegedUser } from './postgres/unprivileged-user.js';
export { waitUntil } from './processes/wait-until.js';
