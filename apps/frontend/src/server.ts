import { Housekeeping, type ServerDefinition } from '@trefoil/server-kit';
import { stylesheet } from '@trefoil/ui';
import { AppModule } from './app.module.js';
import type { FrontendConfig } from './config.js';
import { renderErrorPage } from './http/error-page.js';
import { surfaceOf } from './http/request-kind.js';
import { Database } from './database/database.js';

/** The frontend as a server. It needs its database; the provider and the backend may come and go. */
export const frontendServer = (config: FrontendConfig): ServerDefinition => ({
  name: 'frontend',
  module: AppModule.with(config),
  surfaceOf,
  renderErrorPage: (error) => renderErrorPage(error),
  healthChecks: (app) => [{ name: 'database', check: () => app.get(Database).check() }],
  metrics: (app) => app.get(Housekeeping).metrics,
  prepare: (app) => {
    const { path, body, contentType, etag } = stylesheet;
    const headers = { 'Content-Type': contentType, ETag: etag, 'Cache-Control': 'public, max-age=31536000, immutable' };
    app
      .getHttpAdapter()
      .getInstance()
      .get(path, (_request, reply) => reply.headers(headers).send(body));
  },
});
