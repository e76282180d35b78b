import { Housekeeping, requireMigrations, type ServerDefinition } from '@trefoil/server-kit';
import { AppModule } from './app.module.js';
import type { FrontendConfig } from './config.js';
import { frontendDatabase } from './database/data-source.js';
import { Database } from './database/database.js';
import { renderErrorPage } from './http/error-page.js';
import { SealedEntries } from './database/sealed-entries.js';
import { KeptForms } from './forms/kept-forms.js';
import { surfaceOf } from './http/request-kind.js';
import { SignInTransactions } from './sign-in/sign-in-transactions.js';

/** Defines the frontend as a server. It is ready while its database answers, even if the provider or the backend is down. */
export const frontendServer = (config: FrontendConfig): ServerDefinition => ({
  name: 'frontend',
  module: AppModule.with(config),
  checkDatabase: () => requireMigrations(frontendDatabase(config), 'frontend'),
  surfaceOf,
  renderErrorPage: (error) => renderErrorPage(error),
  healthChecks: (app) => [{ name: 'database', check: () => app.get(Database).check() }],
  metrics: (app) => [...app.get(Housekeeping).metrics, app.get(SealedEntries).unreadable],
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
