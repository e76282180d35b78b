import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { TimeLimitedClient } from '@trefoil/server-kit';
import pg from 'pg';
import { CONFIG, type FrontendConfig } from '../config.js';

/** The connection pool of the frontend's database. A connection attempt and a statement each fail after about 2 s. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly pool: pg.Pool;

  constructor(@Inject(CONFIG) { DATABASE_URL }: Pick<FrontendConfig, 'DATABASE_URL'>) {
    this.pool = new pg.Pool({
      connectionString: DATABASE_URL,
      max: 10,
      Client: TimeLimitedClient,
      connectionTimeoutMillis: 2000,
      statement_timeout: 1800,
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
