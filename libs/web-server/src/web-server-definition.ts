import type { DynamicModule } from '@nestjs/common';
import {
  type ClientCredentials,
  Housekeeping,
  requireMigrations,
  type ServerDefinition,
  stateStoreHealth,
} from '@trefoil/server-kit';
import type { WebServerConfig } from './config.js';
import { Database } from './database/database.js';
import { SealedEntries } from './database/sealed-entries.js';
import { STATE_STORE } from './database/state-store.js';
import { KeptForms } from './forms/kept-forms.js';
import { renderErrorPage } from './http/error-page.js';
import { surfaceOf } from './http/request-kind.js';
import { CLIENT_CREDENTIALS } from './provider-client/client-credentials.js';
import { SignInTransactions } from './sign-in/sign-in-transactions.js';
import type { WebServerDescription } from './description.js';
import { webServerDatabase } from './web-server-database.js';

/**
 * Defines a web server for `startServer`. It is ready while the store of its sessions answers, even if the provider or an API
 * is down.
 *
 * @param module the app, which imports `WebServerModule`.
 */
export const webServerDefinition = (
  server: WebServerDescription,
  config: WebServerConfig,
  module: DynamicModule,
): ServerDefinition => ({
  name: server.name,
  module,
  checkDatabase: () => requireMigrations(webServerDatabase(server, config), server.name),
  surfaceOf,
  renderErrorPage: (error) => renderErrorPage(server.site, error),
  // With Redis, no request uses the database.
  healthChecks: (app) =>
    config.REDIS_URL === undefined
      ? [{ name: 'database', check: () => app.get(Database).check() }]
      : stateStoreHealth(app.get(STATE_STORE)),
  metrics: (app) => [...app.get(Housekeeping).metrics, app.get(SealedEntries).unreadable],
  clientCertificate: (app) => app.get<ClientCredentials>(CLIENT_CREDENTIALS).certificate,
  prepare: (app) => {
    const stores = [app.get(SignInTransactions), app.get(KeptForms)];
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', (request, reply, done) => {
        for (const store of stores) store.dropSurplus(request, reply);
        done();
      });
  },
});
