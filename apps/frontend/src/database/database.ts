import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type FrontendConfig } from '../config.js';

/** Connections to the database of the sessions; one that is down is given up on within 2 s. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly pool: pg.Pool;

  constructor(@Inject(CONFIG) { DATABASE_URL }: Pick<FrontendConfig, 'DATABASE_URL'>) {
    this.pool = new pg.Pool({
      connectionString: DATABASE_URL,
      max: 10,
      connectionTimeoutMillis: 2000,
      statement_timeout: 2000,
      query_timeout: 2500,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
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
