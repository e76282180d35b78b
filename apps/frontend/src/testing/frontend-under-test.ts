import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createServer, loadConfiguration, runMigrations } from '@trefoil/server-kit';
import { freePort, LoopbackOpenIdProvider } from '@trefoil/testing';
import { webServerDatabase } from '@trefoil/web-server';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { configSchema } from '../config.js';
import { frontendServer } from '../server.js';
import { frontend as description } from '../web-server.js';
import { LoopbackBackend } from './loopback-backend.js';

/** One or more replicas of the frontend, connected to a loopback issuer and a loopback backend. */
export class FrontendUnderTest {
  readonly issuer = new LoopbackOpenIdProvider('frontend');
  readonly backend = new LoopbackBackend(this.issuer);
  /** The URL of the first replica. It is the `PUBLIC_URL` of all replicas. */
  url = '';
  private readonly replicas: NestFastifyApplication[] = [];
  private readonly pool: pg.Pool;
  readonly encryptionKey = randomBytes(32).toString('base64url');

  private constructor(
    private readonly databaseUrl: string,
    private readonly settings: Record<string, string>,
  ) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  }

  static async start(databaseUrl: string, settings: Record<string, string> = {}): Promise<FrontendUnderTest> {
    const frontend = new FrontendUnderTest(databaseUrl, settings);
    const migrate = () => runMigrations(webServerDatabase(description, { DATABASE_URL: databaseUrl }));
    await Promise.all([migrate(), migrate(), frontend.issuer.start(), frontend.backend.start()]);
    frontend.url = `http://localhost:${await freePort()}`;
    await frontend.addReplica(new URL(frontend.url).port);
    return frontend;
  }

  /** Starts another replica on a port of its own. Returns its URL. */
  async addReplica(port = '0', settings: Record<string, string> = {}): Promise<string> {
    const configuration = loadConfiguration(configSchema, {
      NODE_ENV: 'test',
      // For tests of the other rules of production.
      PLAIN_HTTP_ORIGINS: [this.url, this.issuer.url, this.backend.url].join(),
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
      ...settings,
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

  /** Deletes every session, as if it had expired, and forgets which sessions the provider has ended. */
  async forgetSessions(): Promise<void> {
    await this.pool.query("DELETE FROM state_entries WHERE key LIKE 'session:%' OR key LIKE 'ended-%'");
  }

  /** Replaces the value of every stored entry whose key starts with a prefix. */
  async overwriteEntries(prefix: string, value: unknown): Promise<void> {
    const update = 'UPDATE state_entries SET value = $2 WHERE starts_with(key, $1)';
    await this.pool.query(update, [prefix, JSON.stringify(value)]);
  }

  /** Replaces fields in the value of every stored entry whose key starts with a prefix. */
  async changeEntries(prefix: string, fields: object): Promise<void> {
    const update = 'UPDATE state_entries SET value = (value::jsonb || $2)::json WHERE starts_with(key, $1)';
    await this.pool.query(update, [prefix, JSON.stringify(fields)]);
  }

  /** Moves the last use of every session into the past. */
  async ageSessions(seconds: number): Promise<void> {
    await this.moveTimes('lastSeenAt', seconds);
  }

  /** Moves the sign-in of every session into the past. */
  async backdateSessions(seconds: number): Promise<void> {
    await this.moveTimes('createdAt', seconds);
  }

  /** Returns the times of the last use of all sessions, in seconds since 1970, always in the same order. */
  async lastUses(): Promise<number[]> {
    const select =
      "SELECT (value->>'lastSeenAt')::int AS at FROM state_entries WHERE key LIKE 'session:%' ORDER BY key";
    return (await this.pool.query<{ at: number }>(select)).rows.map(({ at }) => at);
  }

  /** Returns the number of stored entries whose keys start with a prefix. */
  async countEntries(prefix: string): Promise<number> {
    return (await this.pool.query('SELECT FROM state_entries WHERE starts_with(key, $1)', [prefix])).rowCount ?? 0;
  }

  /** Returns the length in bytes of the longest stored entry whose key starts with a prefix. */
  async longestEntry(prefix: string): Promise<number> {
    const select = 'SELECT max(octet_length(value::text)) AS length FROM state_entries WHERE starts_with(key, $1)';
    return (await this.pool.query<{ length: number }>(select, [prefix])).rows[0]?.length ?? 0;
  }

  /** Returns the sum of a metric of a replica over all labels. */
  async metric(name: string, replica = this.url): Promise<number> {
    const text = await (await fetch(`${replica}/metrics`)).text();
    const values = [...text.matchAll(new RegExp(`^${name}(?:{.*})? (.+)$`, 'gm'))].map(([, value]) => Number(value));
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** Returns the number of sessions. */
  countSessions(): Promise<number> {
    return this.countEntries('session:');
  }

  /** Does some work while the frontend cannot read its database. */
  withoutDatabase<T>(work: () => Promise<T>): Promise<T> {
    // The error code is the one of a server that is shutting down.
    const before = `
      ALTER TABLE state_entries RENAME TO hidden_state_entries;
      CREATE FUNCTION refuse_query() RETURNS SETOF hidden_state_entries LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'the database is shutting down' USING ERRCODE = '57P01'; END $$;
      CREATE VIEW state_entries AS SELECT * FROM refuse_query();`;
    const after = `
      DROP VIEW state_entries;
      DROP FUNCTION refuse_query();
      ALTER TABLE hidden_state_entries RENAME TO state_entries;`;
    return this.between(before, work, after);
  }

  /** Does some work while the database of the frontend refuses every value that is written. */
  withRefusedWrites<T>(work: () => Promise<T>): Promise<T> {
    const before = 'ALTER TABLE state_entries ADD CONSTRAINT refused CHECK (false) NOT VALID';
    return this.between(before, work, 'ALTER TABLE state_entries DROP CONSTRAINT refused');
  }

  /** Stops the frontend, but not the issuer and the backend. */
  async stopReplicas(): Promise<void> {
    await Promise.all(this.replicas.splice(0).map((replica) => replica.close()));
  }

  async stop(): Promise<void> {
    await this.stopReplicas();
    await Promise.all([this.pool.end(), this.issuer.stop(), this.backend.stop()]);
  }

  private async between<T>(before: string, work: () => Promise<T>, after: string): Promise<T> {
    await this.pool.query(before);
    try {
      return await work();
    } finally {
      await this.pool.query(after);
    }
  }

  private async moveTimes(field: 'createdAt' | 'lastSeenAt', seconds: number): Promise<void> {
    await this.pool.query(
      `UPDATE state_entries
       SET value = jsonb_set(value::jsonb, ARRAY[$2], to_jsonb((value->>$2)::int - $1))::json
       WHERE key LIKE 'session:%'`,
      [seconds, field],
    );
  }
}
