export { type AppName, appNames, type PerApp } from './apps.js';
export { type DatabaseUrls } from './databases.js';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './embedded-postgres.js';
export { type Environment } from './environment.js';
export { freePort } from './free-port.js';
export { type LocalInstallation, openLocalInstallation } from './local-installation.js';
export { RunRecord } from './run-record.js';
export { type Stack, type StackOptions, startStack } from './stack.js';
export { thisProcess } from './process-table.js';
export { startTemporaryStack } from './temporary-stack.js';
export {
  makeTemporaryDirectory,
  removeOwnTemporaryDirectories,
  removeTemporaryDirectory,
} from './temporary-directory.js';
export { serve } from './serve.js';
export { unprivilegedUser } from './unprivileged-user.js';
export { waitUntil } from './wait-until.js';
