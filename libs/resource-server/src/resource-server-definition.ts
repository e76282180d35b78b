import type { DynamicModule } from '@nestjs/common';
import { resourceMetadataUrl, RevocationList } from '@trefoil/guards';
import {
  type ClientCredentials,
  Housekeeping,
  requireMigrations,
  type ServerDefinition,
  stateStoreHealth,
} from '@trefoil/server-kit';
import { DataSource } from 'typeorm';
import { resourceServerDatabase } from './database/resource-server-database.js';
import { STATE_STORE } from './database/state-store.js';
import { acceptJsonOnly, describeApi } from './http/api-description.js';
import { CLIENT_CREDENTIALS } from './provider-connection.js';
import type { ResourceServer } from './resource-server.js';
import type { ResourceServerConfig } from './resource-server-config.js';

/**
 * Defines a resource server for `startServer`: an API with JSON bodies that is ready when its database answers.
 *
 * @param module the app, which imports `ResourceServerModule`.
 */
export const resourceServerDefinition = (
  server: ResourceServer,
  config: ResourceServerConfig,
  module: DynamicModule,
): ServerDefinition => ({
  name: server.name,
  module,
  checkDatabase: () => requireMigrations(resourceServerDatabase(server, config), server.name),
  surfaceOf: () => 'api',
  // The only document that browser-based clients read, such as MCP clients. The API itself is called by servers.
  crossOrigin: (path) => path === new URL(resourceMetadataUrl(config.PUBLIC_URL)).pathname,
  // The provider is not checked: tokens are verified locally, so requests are answered while the provider is down. The
  // revocations check reports a stale list, and the server stays ready.
  healthChecks: (app) => [
    { name: 'database', check: () => app.get(DataSource).query('SELECT 1') },
    ...stateStoreHealth(app.get(STATE_STORE)),
    ...[app.get(RevocationList).health].filter((check) => check !== undefined),
  ],
  metrics: (app) => [...(app.get(RevocationList).metrics?.all ?? []), ...app.get(Housekeeping).metrics],
  clientCertificate: (app) => app.get<ClientCredentials>(CLIENT_CREDENTIALS).certificate,
  prepare: (app) => {
    acceptJsonOnly(app);
    describeApi(app, server, config);
  },
});
