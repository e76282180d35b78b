import type { INestApplication } from '@nestjs/common';
import { RevocationList } from '@trefoil/guards';
import { createServer, loadConfiguration, runMigrations } from '@trefoil/server-kit';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { configSchema } from '../config.js';
import { backendDatabase } from '../database/data-source.js';
import { backendServer } from '../server.js';
import type { LoopbackIssuer } from './loopback-issuer.js';

/** The resource identifier of the backend under test. It does not depend on the port. */
export const RESOURCE = 'http://localhost:3002';

/** An answer of the backend with its whole body. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; undefined when there was no body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what a test states
  readonly body: any;
}

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
  await runMigrations(backendDatabase(configuration));
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

/** Sends requests with one token, or without any. */
export class Caller {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  get = (path: string, headers?: Record<string, string>) => this.send('GET', path, { headers });
  delete = (path: string, headers?: Record<string, string>) => this.send('DELETE', path, { headers });
  post = (path: string, body: object, headers?: Record<string, string>) => this.sendJson('POST', path, body, headers);
  patch = (path: string, body: object, headers?: Record<string, string>) => this.sendJson('PATCH', path, body, headers);

  /** Sends a request and parses the body of the answer as JSON. */
  async send(
    method: string,
    path: string,
    { headers, body }: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(this.token && { Authorization: `Bearer ${this.token}` }), ...headers },
      body,
      redirect: 'manual',
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  private sendJson(method: string, path: string, body: object, headers?: Record<string, string>): Promise<Reply> {
    return this.send(method, path, {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }
}
