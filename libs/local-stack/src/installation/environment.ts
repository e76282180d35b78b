import type { Pki } from '@trefoil/pki';
import { type AppName, perApp, type PerApp } from '../apps.js';
import type { DatabaseUrls } from '../postgres/databases.js';
import type { Secrets } from './secrets.js';

/** Environment variables, by name. */
export type Environment = Record<string, string>;

/** The parts of an installation that its apps need to know. */
export interface Installation {
  /** The URL of each app, without a trailing slash. The URL of the provider is the issuer. */
  urls: PerApp<string>;
  databaseUrls: DatabaseUrls;
  secrets: Secrets;
  /** The certificates of the apps; undefined when they speak plain HTTP. */
  pki?: Pki | undefined;
  redisUrl?: string;
}

/** Returns the environment variables that configure each app of an installation. */
export function appEnvironments({ urls, databaseUrls, secrets, pki, redisUrl }: Installation): PerApp<Environment> {
  const common = perApp((app) => ({
    NODE_ENV: 'development',
    // Fastify listens on every address of this name, on IPv4 and IPv6.
    HOST: 'localhost',
    PORT: new URL(urls[app]).port,
    // No balancer has to notice.
    SHUTDOWN_DELAY: '0',
    ISSUER: urls.provider,
    DATABASE_URL: databaseUrls[app],
    ...(pki && certificatesOf(app, pki)),
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  }));
  return {
    provider: {
      ...common.provider,
      ENCRYPTION_KEY: secrets.providerEncryptionKey,
      GRANT_KEY: secrets.grantKey,
      // The frontend receives logout tokens by http on loopback.
      OUTBOUND_ALLOWED_ORIGINS: urls.frontend,
      DEMO_FRONTEND_URL: urls.frontend,
      DEMO_BACKEND_URL: urls.backend,
    },
    backend: {
      ...common.backend,
      PUBLIC_URL: urls.backend,
      CLIENT_ID: 'backend',
      CLIENT_SECRET: 'backend-demo-secret',
      USER_CLIENTS: 'frontend,api-docs',
      DPOP_NONCE_KEY: secrets.dpopNonceKey,
    },
    frontend: {
      ...common.frontend,
      PUBLIC_URL: urls.frontend,
      CLIENT_ID: 'frontend',
      CLIENT_SECRET: 'frontend-demo-secret',
      BACKEND_URL: urls.backend,
      ENCRYPTION_KEY: secrets.frontendEncryptionKey,
    },
  };
}

function certificatesOf(app: AppName, { root, services }: Pki): Environment {
  const { server } = services[app] ?? {};
  if (!server) throw new Error(`The ${app} has no certificate.`);
  // The other servers and their clients are authenticated by the root of the development PKI.
  return { TLS_CERTIFICATE_PATH: server.certificate, TLS_KEY_PATH: server.key, NODE_EXTRA_CA_CERTS: root };
}
