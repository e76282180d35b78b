import {
  type ClientCredentials,
  Housekeeping,
  requireMigrations,
  type ServerDefinition,
  stateStoreHealth,
} from '@trefoil/server-kit';
import { AppModule } from './app.module.js';
import type { FrontendConfig } from './config.js';
import { frontendDatabase } from './database/data-source.js';
import { Database } from './database/database.js';
import { renderErrorPage } from './http/error-page.js';
import { STATE_STORE } from './database/state-store.js';
import { SealedEntries } from './database/sealed-entries.js';
import { KeptForms } from './forms/kept-forms.js';
import { surfaceOf } from './http/request-kind.js';
import { CLIENT_CREDENTIALS } from './provider-client/client-credentials.js';
import { SignInTransactions } from './sign-in/sign-in-transactions.js';

/** Defines the frontend as a server. It is ready while the store of its sessions answers, even if provider or backend are down. */
export const frontendServer = (config: FrontendConfig): ServerDefinition => ({
  name: 'frontend',
  module: AppModule.with(config),
  checkDatabase: () => requireMigrations(frontendDatabase(config), 'frontend'),
  surfaceOf,
  renderErrorPage: (error) => renderErrorPage(error),
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
