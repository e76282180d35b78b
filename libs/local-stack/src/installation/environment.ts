import { type App, type AppRegistry, mtlsUrlVariable, urlVariable } from '@trefoil/app-registry';
import type { Pki } from '@trefoil/pki';
import { perApp, type PerApp } from '../apps.js';
import type { PerResourceServer } from '../ports/ports.js';
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
  /** The certificates of the apps. Needed for https URLs and for `mtlsUrls`. */
  pki?: Pki | undefined;
  /** The URLs at which apps ask for client certificates. Without them, apps authenticate with secrets. */
  mtlsUrls?: PerResourceServer<string> | undefined;
  redisUrl?: string;
}

/** Returns the environment variables that configure each app of an installation. */
export function appEnvironments(installation: Installation): PerApp<Environment> {
  const { registry, databaseUrls, secrets, redisUrl } = installation;
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
    ...certificateVariables(app, installation),
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    ...(app.kind === 'provider' ? providerVariables(registry.apps, urlOf) : clientVariables(app, registry.apps, urlOf)),
    ...(app.kind !== 'provider' && credentialVariables(app, installation)),
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
  ...(kind === 'resource-server' && {
    USER_CLIENTS: [...namesOf(apps, (app) => app.uses.includes(name)), 'api-docs'].join(),
  }),
  ...Object.fromEntries(uses.map((used) => [urlVariable(used), urlOf(used)])),
});

const namesOf = (apps: readonly App[], concerned: (app: App) => boolean): string[] =>
  apps.filter(concerned).map(({ name }) => name);

/** Returns the variables with which an app authenticates at the provider and at other apps: a certificate, or a secret. */
function credentialVariables(app: App, { registry, pki, mtlsUrls }: Installation): Environment {
  const { client } = pki?.services[app.name] ?? {};
  if (!mtlsUrls || !app.clientCertificate) return { CLIENT_SECRET: `${app.name}-demo-secret` };
  if (!client) throw new Error(`The ${app.name} has no client certificate.`);
  return {
    CLIENT_CERTIFICATE_PATH: client.certificate,
    CLIENT_KEY_PATH: client.key,
    ...(app.kind === 'resource-server' && { PROVIDER_MTLS_URL: mtlsUrls[registry.provider.name] ?? '' }),
    ...Object.fromEntries(app.uses.map((used) => [mtlsUrlVariable(used), mtlsUrls[used] ?? ''])),
  };
}

/** Returns the variables of the certificates with which an app answers, and of those that it trusts. */
function certificateVariables({ name }: App, { urls, pki, mtlsUrls }: Installation): Environment {
  if (!pki) return {};
  const { server } = pki.services[name] ?? {};
  if (!server) throw new Error(`The ${name} has no certificate.`);
  const mtlsUrl = mtlsUrls?.[name];
  return {
    // The other servers and their clients are authenticated by the root of the development PKI.
    NODE_EXTRA_CA_CERTS: pki.root,
    ...(urls[name]?.startsWith('https:') && { TLS_CERTIFICATE_PATH: server.certificate, TLS_KEY_PATH: server.key }),
    ...(mtlsUrl !== undefined && {
      MTLS_PORT: new URL(mtlsUrl).port,
      MTLS_URL: mtlsUrl,
      MTLS_CERTIFICATE_PATH: server.certificate,
      MTLS_KEY_PATH: server.key,
      // Both authorities, because a certificate that a gateway forwards comes without its chain.
      CLIENT_CA_PATH: pki.authorities,
    }),
  };
}
