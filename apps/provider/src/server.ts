import { accountScopes, scopeDescriptions, scopeNames, scopesOf } from '@trefoil/dto';
import { serveApiDocs, serveResourceMetadata } from '@trefoil/guards';
import { Housekeeping, type ServerDefinition, type Surface } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';
import { AccountApiModule } from './users/account-api/account-api.module.js';
import { SecurityEventsApiModule } from './security-events/api/security-events-api.module.js';
import { AppModule } from './app.module.js';
import { accountApiIdentifier, type ProviderConfig } from './config.js';
import { SecurityEvents } from './security-events/security-events.js';
import { UsageCounter } from './security-events/usage/usage-counter.js';
import { renderErrorPage } from './http/error.page.js';
import { SignalMetrics } from './shared-signals/delivery/signal-metrics.js';
import { LogoutSender } from './back-channel-logout/logout-sender.js';

const PAGES = /^\/($|authorize(\/continue)?$|login|consent|end-session|device(\/|$)|account|admin|assets\/)/;
const CROSS_ORIGIN = /^\/(\.well-known\/.*|jwks|par|token|revoke|userinfo)$/;

/** Returns how errors are answered: as pages for people, as problem documents at the provider's own API, else as OAuth errors. */
export function surfaceOf(path: string, wantsHtml: boolean): Surface {
  if (path.startsWith('/api/') || path.startsWith('/ssf/')) return 'api';
  if (PAGES.test(path) || wantsHtml) return 'page';
  return 'protocol';
}

/** Describes the provider to the server kit. */
export const providerServer = (config: ProviderConfig): ServerDefinition => ({
  name: 'provider',
  module: AppModule.with(config),
  surfaceOf,
  renderErrorPage,
  crossOrigin: (path) => CROSS_ORIGIN.test(path),
  healthChecks: (app) => [{ name: 'database', check: () => app.get(DataSource).query('SELECT 1') }],
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
      documentation: `${config.ISSUER}/docs`,
    });
    serveApiDocs(app, {
      title: 'Trefoil account API',
      description: 'The account of the user who signed in, and for machines the directory of users.',
      modules: [AccountApiModule, SecurityEventsApiModule],
      issuer: config.ISSUER,
      resource: accountApiIdentifier(config),
      publicUrl: config.ISSUER,
      clientId: 'api-docs',
      scopes: scopeDescriptions([accountScopes.read, accountScopes.write]),
      machineScopes: scopeDescriptions([accountScopes.directory]),
    });
  },
});
