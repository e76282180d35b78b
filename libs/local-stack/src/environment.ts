import { perApp, type PerApp } from './apps.js';
import type { DatabaseUrls } from './databases.js';
import type { Secrets } from './secrets.js';

/** Environment variables, by name. */
export type Environment = Record<string, string>;

export interface Installation {
  /** Where each app is reached, without a trailing slash; the provider's is the issuer. */
  urls: PerApp<string>;
  databaseUrls: DatabaseUrls;
  secrets: Secrets;
}

/** The environment variables each app of an installation is configured by. */
export function appEnvironments({ urls, databaseUrls, secrets }: Installation): PerApp<Environment> {
  const common = perApp((app) => ({
    NODE_ENV: 'development',
    // Fastify listens on every address of this name: IPv4 and IPv6 loopback.
    HOST: 'localhost',
    PORT: new URL(urls[app]).port,
    // No balancer has to notice.
    SHUTDOWN_DELAY: '0',
    ISSUER: urls.provider,
    DATABASE_URL: databaseUrls[app],
  }));
  return {
    provider: {
      ...common.provider,
      ENCRYPTION_KEY: secrets.providerEncryptionKey,
      GRANT_KEY: secrets.grantKey,
      // The frontend takes logout tokens, on loopback and by http.
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
