import { Housekeeping, type ServerDefinition } from '@trefoil/server-kit';
import { AppModule } from './app.module.js';
import type { FrontendConfig } from './config.js';
import { Database } from './database/database.js';
import { renderErrorPage } from './http/error-page.js';
import { surfaceOf } from './http/request-kind.js';

/** Defines the frontend as a server. It is ready while its database answers, even if the provider or the backend is down. */
export const frontendServer = (config: FrontendConfig): ServerDefinition => ({
  name: 'frontend',
  module: AppModule.with(config),
  surfaceOf,
  renderErrorPage: (error) => renderErrorPage(error),
  healthChecks: (app) => [{ name: 'database', check: () => app.get(Database).check() }],
  metrics: (app) => app.get(Housekeeping).metrics,
});
