import { accountScopes, scopeDescriptions, scopeNames, scopesOf } from '@trefoil/dto';
import { serveApiDocs, serveResourceMetadata } from '@trefoil/guards';
import {
  Housekeeping,
  requireMigrations,
  type ServerDefinition,
  stateStoreHealth,
  type Surface,
} from '@trefoil/server-kit';
import { DataSource } from 'typeorm';
import { AdminApiModule } from './admin/api/admin-api.module.js';
import { AccountApiModule } from './users/account-api/account-api.module.js';
import { SecurityEventsApiModule } from './security-events/api/security-events-api.module.js';
import { AppModule } from './app.module.js';
import { accountApiIdentifier, certificateMethods, type ProviderConfig } from './config.js';
import { providerDataSource } from './database/data-source.js';
import { STATE_STORE } from './database/state-store.module.js';
import { SecurityEvents } from './security-events/security-events.js';
import { UsageCounter } from './security-events/usage/usage-counter.js';
import { renderErrorPage } from './http/error.page.js';
import { requireSetup } from './setup/require-setup.js';
import { SignalMetrics } from './shared-signals/delivery/signal-metrics.js';
import { LogoutSender } from './back-channel-logout/logout-sender.js';

const PAGES = /^\/($|authorize(\/continue)?$|login|consent|end-session|device(\/|$)|account|admin|assets\/)/;

/** The endpoints that answer with JSON whatever the `Accept` header says: some clients send one of a browser (RFC 6749 §5.2). */
const PROTOCOL =
  /^\/(\.well-known\/.*|jwks|par|token|introspect|revoke|userinfo|register(\/.*)?|device_authorization)$/;

/**
 * The paths that pages of other origins may call: clients that run in a browser discover the provider, register, push
 * requests, redeem codes, and read and revoke their own tokens. Devices and resource servers are no browsers.
 */
const CROSS_ORIGIN = /^\/(\.well-known\/.*|jwks|par|token|revoke|userinfo|register(\/.*)?)$/;

/** Returns how errors at a path are answered: as problem documents, as OAuth errors or as pages. */
export function surfaceOf(path: string, wantsHtml: boolean): Surface {
  if (path.startsWith('/api/') || path.startsWith('/ssf/')) return 'api';
  if (PROTOCOL.test(path)) return 'protocol';
  return PAGES.test(path) || wantsHtml ? 'page' : 'protocol';
}

const ADMIN_SCOPES = [accountScopes.readInstallation, accountScopes.changeInstallation];

/** Describes the provider to the server kit. */
export const providerServer = (config: ProviderConfig): ServerDefinition => ({
  name: 'provider',
  module: AppModule.with(config),
  checkDatabase: async () => {
    const newer = await requireMigrations(providerDataSource(config.DATABASE_URL), 'provider');
    await requireSetup(config);
    return newer;
  },
  surfaceOf,
  renderErrorPage,
  crossOrigin: (path) => CROSS_ORIGIN.test(path),
  healthChecks: (app) => [
    { name: 'database', check: () => app.get(DataSource).query('SELECT 1') },
    ...stateStoreHealth(app.get(STATE_STORE)),
  ],
  metrics: (app) => [
    app.get(LogoutSender).attempts,
    app.get(SecurityEvents).recorded,
    app.get(UsageCounter).total,
    ...app.get(SignalMetrics).all,
    ...app.get(Housekeeping).metrics,
  ],
  prepare: (app) => {
    serveResourceMetadata(app, {
      resource: accountApiIdentifier(config),
      issuer: config.ISSUER,
      name: 'Trefoil accounts',
      scopes: scopeNames(scopesOf(accountScopes)),
      dpop: true,
      certificates: certificateMethods(config).length > 0,
      documentation: `${config.ISSUER}/docs`,
    });
    serveApiDocs(app, {
      title: 'Trefoil account API',
      description:
        'The account of the user who signed in, for machines the directory of users, and for administrators and machines ' +
        'the administration of the installation.',
      modules: [AccountApiModule, SecurityEventsApiModule, AdminApiModule],
      issuer: config.ISSUER,
      resource: accountApiIdentifier(config),
      publicUrl: config.ISSUER,
      clientId: 'api-docs',
      scopes: scopeDescriptions([accountScopes.read, accountScopes.write, ...ADMIN_SCOPES]),
      // A sign-in with a scope that the client is not registered for fails, and few readers are administrators.
      preselectedScopes: scopeNames([accountScopes.read, accountScopes.write]),
      machineScopes: scopeDescriptions([accountScopes.directory, ...ADMIN_SCOPES]),
    });
  },
});
