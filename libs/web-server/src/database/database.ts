import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { TimeLimitedClient } from '@trefoil/server-kit';
import pg from 'pg';
import { CONFIG, type WebServerConfig } from '../config.js';

/** The connection pool of the server's database. A connection attempt and a statement each fail after about 2 s. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly pool: pg.Pool;

  constructor(
    @Inject(CONFIG)
    config: Pick<WebServerConfig, 'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'DATABASE_STATEMENT_TIMEOUT'>,
  ) {
    this.pool = new pg.Pool({
      connectionString: config.DATABASE_URL,
      max: config.DATABASE_POOL_SIZE,
      Client: TimeLimitedClient,
      connectionTimeoutMillis: 2000,
      statement_timeout: config.DATABASE_STATEMENT_TIMEOUT * 1000,
    });
    // The pool replaces an idle connection that breaks. Without a listener, the error event would end the process.
    this.pool.on('error', () => undefined);
  }

  /** Rejects when the database does not answer. */
  async check(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
