import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createServer, loadConfiguration } from '@trefoil/server-kit';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import pg from 'pg';
import { configSchema } from '../config.js';
import { migrate } from '../database/migrate.js';
import { frontendServer } from '../server.js';
import { LoopbackBackend } from './loopback-backend.js';
import { LoopbackIssuer } from './loopback-issuer.js';

/** One or more replicas of the frontend, connected to a loopback issuer and a loopback backend. */
export class FrontendUnderTest {
  readonly issuer = new LoopbackIssuer();
  readonly backend = new LoopbackBackend(this.issuer);
  /** The URL of the first replica. It is the `PUBLIC_URL` of all replicas. */
  url = '';
  private readonly replicas: NestFastifyApplication[] = [];
  private readonly pool: pg.Pool;
  private readonly encryptionKey = randomBytes(32).toString('base64url');

  private constructor(
    private readonly databaseUrl: string,
    private readonly settings: Record<string, string>,
  ) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  }

  static async start(databaseUrl: string, settings: Record<string, string> = {}): Promise<FrontendUnderTest> {
    const frontend = new FrontendUnderTest(databaseUrl, settings);
    await Promise.all([migrate(databaseUrl), migrate(databaseUrl), frontend.issuer.start(), frontend.backend.start()]);
    frontend.url = `http://localhost:${await freePort()}`;
    await frontend.addReplica(new URL(frontend.url).port);
    return frontend;
  }

  /** Starts another replica on a port of its own. Returns its URL. */
  async addReplica(port = '0'): Promise<string> {
    const configuration = loadConfiguration(configSchema, {
      NODE_ENV: 'test',
      PORT: '3000',
      LOG_LEVEL: 'fatal',
      PUBLIC_URL: this.url,
      ISSUER: this.issuer.url,
      CLIENT_ID: 'frontend',
      CLIENT_SECRET: 'frontend-test-secret',
      BACKEND_URL: this.backend.url,
      DATABASE_URL: this.databaseUrl,
      ENCRYPTION_KEY: this.encryptionKey,
      ...this.settings,
    });
    const app = await createServer(frontendServer(configuration), configuration);
    await app.listen(port, 'localhost');
    this.replicas.push(app);
    return `http://localhost:${(app.getHttpServer().address() as AddressInfo).port}`;
  }

  /** Returns the whole content of the database as one text. */
  async databaseText(): Promise<string> {
    return JSON.stringify((await this.pool.query('SELECT * FROM state_entries')).rows);
  }

  /** Deletes every session, as if it had expired. */
  async forgetSessions(): Promise<void> {
    await this.pool.query("DELETE FROM state_entries WHERE key LIKE 'session:%'");
  }

  /** Returns the number of sessions. */
  async countSessions(): Promise<number> {
    const { rows } = await this.pool.query<{ key: string }>("SELECT key FROM state_entries WHERE key LIKE 'session:%'");
    return rows.length;
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.close()));
    await Promise.all([this.pool.end(), this.issuer.stop(), this.backend.stop()]);
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
