import { type App, type AppRegistry, urlVariable } from '@trefoil/app-registry';
import type { Pki } from '@trefoil/pki';
import { perApp, type PerApp } from '../apps.js';
import type { DatabaseUrls } from '../postgres/databases.js';
import { keysOf, type Secrets } from './secrets.js';

/** Environment variables, by name. */
export type Environment = Record<string, string>;

/** The parts of an installation that its apps need to know. */
export interface Installation {
  registry: AppRegistry;
  /** The URL of each app, without a trailing slash. The URL of the provider is the issuer. */
  urls: PerApp<string>;
  databaseUrls: DatabaseUrls;
  secrets: Secrets;
  /** The certificates of the apps; undefined when they speak plain HTTP. */
  pki?: Pki | undefined;
  redisUrl?: string;
}

/** Returns the environment variables that configure each app of an installation. */
export function appEnvironments(installation: Installation): PerApp<Environment> {
  const { registry, databaseUrls, secrets, pki, redisUrl } = installation;
  const urlOf = (name: string) => installation.urls[name] ?? '';
  return perApp(registry.apps, (app) => ({
    NODE_ENV: 'development',
    // Fastify listens on every address of this name, on IPv4 and IPv6.
    HOST: 'localhost',
    PORT: new URL(urlOf(app.name)).port,
    // No balancer has to notice.
    SHUTDOWN_DELAY: '0',
    ISSUER: urlOf(registry.provider.name),
    ...(app.database && { DATABASE_URL: databaseUrls[app.name] ?? '' }),
    ...keysOf(secrets, app),
    ...(pki && certificatesOf(app.name, pki)),
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    ...(app.kind === 'provider' ? providerVariables(registry.apps, urlOf) : clientVariables(app, registry.apps, urlOf)),
  }));
}

type UrlOf = (app: string) => string;

function providerVariables(apps: readonly App[], urlOf: UrlOf): Environment {
  const others = apps.filter(({ kind }) => kind !== 'provider');
  return {
    // Web apps receive logout tokens by http on loopback.
    OUTBOUND_ALLOWED_ORIGINS: namesOf(apps, ({ kind }) => kind === 'web')
      .map(urlOf)
      .join(),
    ...Object.fromEntries(others.map(({ name }) => [`DEMO_${urlVariable(name)}`, urlOf(name)])),
  };
}

/** Returns the variables of an app that is a client of the provider. */
const clientVariables = ({ name, kind, uses }: App, apps: readonly App[], urlOf: UrlOf): Environment => ({
  PUBLIC_URL: urlOf(name),
  CLIENT_ID: name,
  CLIENT_SECRET: `${name}-demo-secret`,
  ...(kind === 'resource-server' && {
    USER_CLIENTS: [...namesOf(apps, (app) => app.uses.includes(name)), 'api-docs'].join(),
  }),
  ...Object.fromEntries(uses.map((used) => [urlVariable(used), urlOf(used)])),
});

const namesOf = (apps: readonly App[], concerned: (app: App) => boolean): string[] =>
  apps.filter(concerned).map(({ name }) => name);

function certificatesOf(app: string, { root, services }: Pki): Environment {
  const { server } = services[app] ?? {};
  if (!server) throw new Error(`The ${app} has no certificate.`);
  // The other servers and their clients are authenticated by the root of the development PKI.
  return { TLS_CERTIFICATE_PATH: server.certificate, TLS_KEY_PATH: server.key, NODE_EXTRA_CA_CERTS: root };
}
