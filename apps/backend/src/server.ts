import { serveApiDocs, serveResourceMetadata, SharedSignalsRevocations } from '@trefoil/guards';
import { Housekeeping, type ServerDefinition } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { BackendConfig } from './config.js';

/** The backend as a server: an API of JSON bodies, ready when its database answers. */
export const backendServer = (config: BackendConfig): ServerDefinition => ({
  name: 'backend',
  module: AppModule.with(config),
  surfaceOf: () => 'api',
  // The provider is none of them: tokens are verified here, so contacts are served while it is down. That nothing is heard
  // of it is told, and the server stays ready.
  healthChecks: (app) => [
    { name: 'database', check: () => app.get(DataSource).query('SELECT 1') },
    app.get(SharedSignalsRevocations).health,
  ],
  metrics: (app) => [...app.get(SharedSignalsRevocations).metrics.all, ...app.get(Housekeeping).metrics],
  prepare: (app) => {
    app.getHttpAdapter().getInstance().removeContentTypeParser(['text/plain', 'application/x-www-form-urlencoded']);
    serveResourceMetadata(app, {
      resource: config.PUBLIC_URL,
      issuer: config.ISSUER,
      name: 'Trefoil contacts',
      scopes: ['contacts:read', 'contacts:write', 'contacts:export'],
      dpop: true,
      documentation: `${config.PUBLIC_URL}/docs`,
    });
    serveApiDocs(app, {
      title: 'Trefoil backend',
      description: 'Contacts, each the property of one user, and their export for machines.',
      issuer: config.ISSUER,
      resource: config.PUBLIC_URL,
      publicUrl: config.PUBLIC_URL,
      clientId: 'api-docs',
      scopes: {
        'contacts:read': 'See your contacts',
        'contacts:write': 'Add, change and remove your contacts',
        // Of the provider's API: what the profile is made of, by token exchange.
        'account:read': 'See your account',
      },
      machineScopes: { 'contacts:export': 'Export the contacts of all users' },
    });
  },
});
