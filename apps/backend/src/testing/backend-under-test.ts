import type { INestApplication } from '@nestjs/common';
import { RevocationList } from '@trefoil/guards';
import { resourceServerDatabase } from '@trefoil/resource-server';
import { createServer, loadConfiguration, runMigrations } from '@trefoil/server-kit';
import { Caller, type LoopbackIssuer } from '@trefoil/testing';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { configSchema } from '../config.js';
import { backend } from '../resource-server.js';
import { backendServer } from '../server.js';

/** The resource identifier of the backend under test. It does not depend on the port. */
export const RESOURCE = 'http://localhost:3002';

/**
 * Starts the whole backend on a free loopback port. It accepts the tokens of a loopback issuer.
 *
 * @param overrides environment variables, such as `{ DPOP_NONCE: 'required' }`.
 * @param awaited `fresh` waits until the revocation list is fresh; `up` only until the server listens.
 */
export async function startBackend(
  databaseUrl: string,
  issuer: LoopbackIssuer,
  overrides: Record<string, string> = {},
  awaited: 'fresh' | 'up' = 'fresh',
) {
  const configuration = loadConfiguration(configSchema, {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '3002',
    LOG_LEVEL: 'fatal',
    PUBLIC_URL: RESOURCE,
    ISSUER: issuer.url,
    CLIENT_ID: 'backend',
    CLIENT_SECRET: 'backend-test-secret',
    USER_CLIENTS: 'frontend,api-docs',
    DATABASE_URL: databaseUrl,
    ...overrides,
  });
  await runMigrations(resourceServerDatabase(backend, configuration));
  const app = await createServer(backendServer(configuration), configuration);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  if (awaited === 'fresh') await untilFresh(app);
  const url = `http://127.0.0.1:${port}`;

  const userToken = (sub: string, scope = 'contacts:read contacts:write', client_id = 'frontend') =>
    issuer.token({ aud: RESOURCE, sub, client_id, scope, sid: `session of ${sub}`, grant_id: `grant of ${sub}` });

  return {
    app,
    url,
    dataSource: app.get(DataSource),
    userToken,
    machineToken: (scope = 'contacts:export', client = 'marketing-sync') =>
      issuer.token({ aud: RESOURCE, sub: client, client_id: client, scope }),
    /** Returns a caller that sends requests as a user, by default with all user scopes. */
    as: (sub: string, token = userToken(sub)) => new Caller(url, token),
    stop: () => app.close(),
  };
}

/** Waits until the revocation list is fresh. */
export async function untilFresh(app: INestApplication): Promise<void> {
  while (await app.get(RevocationList).health?.check()) await new Promise((resolve) => setImmediate(resolve));
}

export type BackendUnderTest = Awaited<ReturnType<typeof startBackend>>;
