import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { findChildren } from '../measure/processes.js';
import type { AuthorizationServer } from './authorization-server.js';
import { startScript, type ScriptServer } from './script.js';

/** Everything that is measured: the three servers of Trefoil, the peer with two kinds of storage, and the bare routes. */
export interface Installation {
  readonly stack: Stack;
  readonly trefoil: AuthorizationServer;
  readonly peerInMemory: AuthorizationServer;
  readonly peerOnPostgres: AuthorizationServer;
  readonly limit: ScriptServer;
  /** The processes of PostgreSQL. */
  readonly database: readonly number[];
  /** Returns the process of one of Trefoil's servers. */
  pidOf(app: 'provider' | 'backend' | 'frontend'): number;
  stop(): Promise<void>;
}

/** Limits that one address reaches while it is the only one. */
const NO_LIMITS = { AUTHORIZATION_REQUESTS_PER_ADDRESS: '100000000', SIGN_INS_PER_ADDRESS: '100000000' };

/**
 * Starts everything on free ports, with data in a temporary directory. PostgreSQL writes durably.
 *
 * All servers speak plain HTTP and authenticate with secrets, because the peer does.
 *
 * @param more variables for the three servers.
 */
export async function startInstallation(
  log: (line: string) => void,
  more: Record<string, string>,
): Promise<Installation> {
  const stack = await startTemporaryStack({
    durable: true,
    redis: false,
    clientCertificates: false,
    log,
    environment: { provider: { ...NO_LIMITS, ...more }, backend: more, frontend: { ...NO_LIMITS, ...more } },
  });
  const started: ScriptServer[] = [];
  const start = async (script: string, environment: Record<string, string>) => {
    const server = await startScript(script, environment);
    started.push(server);
    return server;
  };
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    await stack.stop();
  };
  try {
    const redirectUri = `${stack.urls.frontend}/callback`;
    const databaseUrl = stack.databaseUrls.provider;
    const database = postmasterOf(databaseUrl);
    const limit = await start('limit/server.js', { DATABASE_URL: databaseUrl });
    const inMemory = await start('peer/server.js', { REDIRECT_URI: redirectUri });
    const onPostgres = await start('peer/server.js', { REDIRECT_URI: redirectUri, DATABASE_URL: databaseUrl });
    const peer = (server: ScriptServer, storage: string): AuthorizationServer => ({
      name: `peer, ${storage}`,
      url: server.url,
      processes: { server: [server.pid], database: storage === 'memory' ? [] : database },
      web: {
        clientId: 'web',
        clientSecret: 'web-secret',
        redirectUri,
        scope: 'openid offline_access contacts:read',
      },
      machine: { clientId: 'machine', clientSecret: 'machine-secret', scope: 'contacts:export' },
      introspecting: { clientId: 'web', clientSecret: 'web-secret' },
      paths: { authorize: '/auth', token: '/token', introspect: '/token/introspection' },
    });
    const trefoil: AuthorizationServer = {
      name: 'Trefoil',
      url: stack.urls.provider,
      processes: { server: [pidOf('provider')], database },
      web: {
        clientId: 'frontend',
        clientSecret: 'frontend-demo-secret',
        redirectUri,
        scope: 'openid offline_access contacts:read',
      },
      machine: { clientId: 'marketing-sync', clientSecret: 'marketing-sync-demo-secret', scope: 'contacts:export' },
      introspecting: { clientId: 'backend', clientSecret: 'backend-demo-secret' },
      paths: { authorize: '/authorize', token: '/token', introspect: '/introspect' },
    };
    return {
      stack,
      trefoil,
      peerInMemory: peer(inMemory, 'memory'),
      peerOnPostgres: peer(onPostgres, 'PostgreSQL'),
      limit,
      database,
      pidOf,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns the running process of a server of Trefoil; 0 when it is not known. */
const pidOf = (app: string): number => findChildren(`apps/${app}/dist/main.js`).at(-1) ?? 0;

const postmasterOf = (databaseUrl: string): number[] => findChildren(`-c port=${new URL(databaseUrl).port} `);
